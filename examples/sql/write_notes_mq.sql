-- As write_notes, for RocketMQ 4.x with an account: a single VARBINARY column is the message's body, byte for byte.
CREATE TEMPORARY TABLE notes (body VARBINARY) WITH (
  'connector'     = 'mq',
  'endpoint'      = '${secret_values.endpoint}',
  'accessId'      = '${secret_values.access_id}',
  'accessKey'     = '${secret_values.access_key}',
  'topic'         = 'notes',
  'producerGroup' = 'notes-writer'
);

INSERT INTO notes VALUES
  (CAST('the first note' AS VARBINARY)),
  (CAST('one with, commas and "quotes"' AS VARBINARY)),
  (CAST('und noch eine: grün' AS VARBINARY));
