(call_expression
  . [(identifier) @_called (navigation_expression (identifier) @_called .)]
  (#any-of? @_called $CALL_NAMES)) @call

(annotation
  [
    (user_type (identifier) @_annotates .)
    (constructor_invocation (user_type (identifier) @_annotates .))
  ]
  (#any-of? @_annotates $ANNOTATION_NAMES
    "Value" "ConfigProperty" "Property" "ConfigurationProperties" "SchedulerLock" "Path" "Controller")) @annotation
