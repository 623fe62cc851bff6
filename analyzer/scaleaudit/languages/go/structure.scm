; The outer levels of a file. What stands deeper is found by its bytes: candidates.py.
(package_clause (package_identifier) @package)
(import_spec) @import

(function_declaration) @function
(method_declaration) @function
(type_spec type: (struct_type)) @struct

(source_file (const_declaration) @constants)
(source_file (var_declaration) @variables)
