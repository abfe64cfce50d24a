-- Inputs: $path, a Parquet file.
-- Output: its columns as they are.
-- Grain: one row per row of the file, in file order.
SELECT * FROM read_parquet($path, hive_partitioning = false)
