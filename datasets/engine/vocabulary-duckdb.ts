/** The portable vocabulary that `.sql` files are written in, as DuckDB defines it. Another engine defines the same names. */
export const duckDbVocabulary: readonly string[] = [
  "CREATE MACRO sb_day(moment) AS strftime(moment, '%Y-%m-%d')",
  "CREATE MACRO sb_quantile(value, share) AS quantile_cont(value, share)",
  "CREATE MACRO sb_seconds_between(earlier, later) AS (epoch_us(later) - epoch_us(earlier)) / 1000000.0",
];
