-- a neutralised copy must never use, renew or end the original's connection to Xero
DELETE FROM xero_token;
UPDATE xero_connection
   SET state = 'draft',
       state_message = NULL,
       paused_until = NULL,
       xero_connection_ref = NULL,
       granted_scopes = NULL
 WHERE state != 'draft';
