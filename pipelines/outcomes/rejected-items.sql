-- Records of one import that were not taken.
-- In: $path, the import's Parquet file of the quarantine table. Grain: one row per record, in file order.
SELECT source_line AS line, reason, detail
FROM read_parquet($path)
ORDER BY source_line
