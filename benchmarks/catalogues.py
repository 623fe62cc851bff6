"""What the catalogue of a database server says of tables, as one row of JSON."""

from __future__ import annotations

POSTGRES = """\
SELECT json_build_object(
  'columns', (SELECT json_agg(json_build_array(c.relname, a.attname, NOT a.attnotnull))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped),
  'indexes', (SELECT json_agg(json_build_object(
      'table', t.relname, 'unique', i.indisunique, 'primary', i.indisprimary,
      'where', pg_get_expr(i.indpred, i.indrelid),
      'columns', (SELECT json_agg(pg_get_indexdef(i.indexrelid, n, true) ORDER BY n)
                  FROM generate_series(1, i.indnkeyatts) AS n)))
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'public'::regnamespace),
  'foreign', (SELECT json_agg(json_build_array(t.relname, f.relname,
      (SELECT string_agg(a.attname, ',') FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))))
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace));
"""

# Foreign keys and indexes of several columns arrive as lists in the order of the key.
MARIADB = """\
SET SESSION group_concat_max_len = 1000000;
SELECT json_object(
  'columns', json_merge_preserve('[]', (SELECT json_arrayagg(json_array(c.table_name, c.column_name, c.is_nullable = 'YES'))
    FROM information_schema.columns c WHERE c.table_schema = database())),
  'indexes', json_merge_preserve('[]', (SELECT json_arrayagg(json_object(
      'table', i.table_name, 'unique', i.non_unique = 0, 'primary', i.index_name = 'PRIMARY', 'where', NULL,
      'columns', json_merge_preserve('[]', i.columns)))
    FROM (SELECT table_name, index_name, non_unique, json_arrayagg(column_name ORDER BY seq_in_index) AS columns
          FROM information_schema.statistics WHERE table_schema = database()
          GROUP BY table_name, index_name, non_unique) i)),
  'foreign', json_merge_preserve('[]', coalesce((SELECT json_arrayagg(json_array(k.table_name, k.parent, k.columns))
    FROM (SELECT table_name, referenced_table_name AS parent, constraint_name,
                 group_concat(column_name ORDER BY ordinal_position) AS columns
          FROM information_schema.key_column_usage
          WHERE table_schema = database() AND referenced_table_name IS NOT NULL
          GROUP BY table_name, referenced_table_name, constraint_name) k), '[]')));
"""
