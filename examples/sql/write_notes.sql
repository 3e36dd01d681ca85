-- A single VARBINARY column is the message's body, byte for byte.
CREATE TABLE notes (body VARBINARY) WITH (
  'connector'     = 'mq5',
  'endpoint'      = '${secret_values.endpoint}',
  'topic'         = 'notes',
  'producerGroup' = 'notes-writer'
);

INSERT INTO notes VALUES
  (CAST('the first note' AS VARBINARY)),
  (CAST('one with, commas and "quotes"' AS VARBINARY)),
  (CAST('und noch eine: grün' AS VARBINARY));
