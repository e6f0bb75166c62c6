-- Version 5: reports of a state or kind, page by page.

CREATE INDEX report_state_path ON report (state, path) WHERE superseded = 0;
CREATE INDEX report_kind_path ON report (kind, path) WHERE superseded = 0 AND kind IS NOT NULL;
