; One pattern for all calls that matter, by the name behind the dot: the reader sorts them. Names of
; the tables; reads of the environment by os.Getenv, envOr and their like; viper.GetString;
; pb.RegisterCartServiceServer.
(call_expression
  function: (selector_expression field: (field_identifier) @_called)
  (#match? @_called
    "^(?:$CALL_NAMES|Get(?:String(?:Slice)?|Int|Duration)?|Register[A-Z][A-Za-z0-9]*Server)$|[eE]nv|^ENV")) @call

; getEnv("KEY", "default"), mustMapEnv(&target, "KEY")
(call_expression
  function: (identifier) @_local
  (#match? @_local "[eE]nv|^ENV")) @environment

; &sarama.ProducerMessage{...}: a struct of a known package says as much as a call
(composite_literal
  type: (qualified_type name: (type_identifier) @_built)
  (#any-of? @_built $CALL_NAMES)) @call

(go_statement) @go
