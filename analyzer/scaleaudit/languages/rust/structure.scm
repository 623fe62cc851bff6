(use_declaration) @import
(call_expression) @call
(attribute_item) @attribute
(const_item) @constant
(static_item) @constant

; Rust keeps the tests of a file in it.
(mod_item name: (identifier) @_tests (#any-of? @_tests "tests" "test")) @tests
