-- Numbers and text. Where no delimiter is named, the control character U+0001 stands between the fields of a message.
CREATE TABLE parcels (number INTEGER, grams BIGINT, contents VARCHAR) WITH (
  'connector'     = 'mq5',
  'endpoint'      = '${secret_values.endpoint}',
  'topic'         = 'parcels',
  'producerGroup' = 'parcels-writer'
);

INSERT INTO parcels VALUES
  (101, 2500,       'books'),
  (102, 4000000000, 'a ship, folded'),
  (103, 80,         'Grüße');
