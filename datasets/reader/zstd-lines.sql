-- Inputs: $path, a zstd file of UTF-8 text; $max_line_bytes, the longest line; $buffer_bytes, twice that.
-- Output: line, one line without its newline; NULL for an empty line.
-- Grain: one row per line, in file order.
SELECT line
FROM read_csv(
  $path,
  columns = {'line': 'VARCHAR'},
  auto_detect = false,
  header = false,
  delim = E'\x01',
  quote = '',
  escape = '',
  new_line = '\n',
  strict_mode = false,
  parallel = false,
  compression = 'zstd',
  max_line_size = $max_line_bytes,
  buffer_size = $buffer_bytes
)
