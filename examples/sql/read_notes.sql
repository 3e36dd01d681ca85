-- Bodies as they are, shown as text.
CREATE TABLE notes (body VARBINARY) WITH (
  'connector'     = 'mq5',
  'endpoint'      = '${secret_values.endpoint}',
  'topic'         = 'notes',
  'consumerGroup' = 'notes-reader'
);

CREATE TABLE screen (note VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT CAST(body AS VARCHAR) FROM notes;
