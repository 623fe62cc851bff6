; the n-th body belongs to the n-th beginning
(heredoc_beginning) @heredoc
(heredoc_body) @heredoc_body
