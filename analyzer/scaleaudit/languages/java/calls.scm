(method_invocation
  name: (identifier) @_called
  (#any-of? @_called $CALL_NAMES)) @call
(object_creation_expression
  type: [
    (type_identifier) @_created
    (generic_type [(type_identifier) @_created (scoped_type_identifier (type_identifier) @_created .)])
    (scoped_type_identifier (type_identifier) @_created .)
  ]
  (#any-of? @_created $CALL_NAMES)) @call

; the last line: annotations that change what others beside them mean
(annotation
  name: [(identifier) @_annotates (scoped_identifier name: (identifier) @_annotates)]
  (#any-of? @_annotates $ANNOTATION_NAMES
    "Value" "ConfigProperty" "Property" "ConfigurationProperties" "SchedulerLock" "Path" "Controller")) @annotation
(marker_annotation
  name: [(identifier) @_annotates (scoped_identifier name: (identifier) @_annotates)]
  (#any-of? @_annotates $ANNOTATION_NAMES "SchedulerLock")) @annotation
