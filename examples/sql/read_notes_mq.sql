-- As read_notes, for RocketMQ 4.x with an account. A queue without news is asked again after half a second.
CREATE TEMPORARY TABLE notes (body VARBINARY) WITH (
  'connector'      = 'mq',
  'endpoint'       = '${secret_values.endpoint}',
  'accessId'       = '${secret_values.access_id}',
  'accessKey'      = '${secret_values.access_key}',
  'topic'          = 'notes',
  'consumerGroup'  = 'notes-reader',
  'pullIntervalMs' = '500'
);

CREATE TEMPORARY TABLE screen (note VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT CAST(body AS VARCHAR) FROM notes;
