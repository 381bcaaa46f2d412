"""What is remembered of documents on the wire is called a trace. After the scripts of earlier versions. May be begun again."""

import json

# names that were no names of Python
RENAMED = {"from": "from_account_id", "to": "to_account_id"}
TRACES = """
    UPDATE xero_job SET traces = (
        SELECT jsonb_agg(CASE WHEN jsonb_typeof(kept -> 'sent_as') = 'object'
                              THEN (kept - 'sent_as') || jsonb_build_object('trace', (
                                  SELECT COALESCE(jsonb_object_agg(COALESCE(%s::jsonb ->> key, key), value), '{}')
                                    FROM jsonb_each(kept -> 'sent_as')))
                              ELSE kept END ORDER BY number)
          FROM jsonb_array_elements(traces) WITH ORDINALITY part (kept, number))
     WHERE jsonb_typeof(traces) = 'array' AND strpos(traces::text, '"sent_as"') > 0
"""


def migrate(cr, version):
    _rename_traces(cr)


def _rename_traces(cr):
    cr.execute(TRACES, [json.dumps(RENAMED)])
