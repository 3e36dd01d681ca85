-- As write_parcels, for RocketMQ 4.x with an account: numbers and text. Where no delimiter is named, the control character U+0001
-- stands between the fields of a message.
CREATE TABLE parcels (number INTEGER, grams BIGINT, contents VARCHAR) WITH (
  'connector'     = 'mq',
  'endpoint'      = '${secret_values.endpoint}',
  'accessId'      = '${secret_values.access_id}',
  'accessKey'     = '${secret_values.access_key}',
  'topic'         = 'parcels',
  'producerGroup' = 'parcels-writer'
);

INSERT INTO parcels VALUES
  (101, 2500,       'books'),
  (102, 4000000000, 'a ship, folded'),
  (103, 80,         'Grüße');
