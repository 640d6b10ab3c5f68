-- The record of a case: append-only, and hash-chained for each case (one chain for all would be a hot row).

CREATE FUNCTION paspor.event_hash(
    p_prev bytea, p_number text, p_seq int, p_key text, p_at timestamptz, p_action text, p_stage text, p_outcome text,
    p_actor text, p_role text, p_office text, p_reason text, p_rule text, p_details text, p_recorded_at timestamptz
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Each field with its length in front: no two rows can be written to one text.
    SELECT sha256(p_prev || convert_to(string_agg(length(field) || ':' || field, ',' ORDER BY place), 'UTF8'))
      FROM unnest(ARRAY[
          p_number, p_seq::text, p_key, (extract(epoch FROM p_at))::numeric(20, 6)::text, p_action, p_stage, p_outcome,
          p_actor, p_role, p_office, p_reason, p_rule, p_details,
          (extract(epoch FROM p_recorded_at))::numeric(20, 6)::text]) WITH ORDINALITY AS part (field, place)
$$;

CREATE FUNCTION paspor.chain_event() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.number, 7));
    SELECT seq, hash INTO v_last FROM case_event WHERE number = NEW.number ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(v_last.seq, 0) + 1;
    NEW.prev := coalesce(v_last.hash, decode(repeat('00', 32), 'hex'));
    NEW.recorded_at := clock_timestamp();
    NEW.xact := pg_current_xact_id()::text::bigint;
    NEW.hash := event_hash(
        NEW.prev, NEW.number, NEW.seq, NEW.key, NEW.at, NEW.action, NEW.stage, NEW.outcome, NEW.actor, NEW.role,
        NEW.office, NEW.reason, NEW.rule, NEW.details, NEW.recorded_at);
    RETURN NEW;
END $$;

CREATE FUNCTION paspor.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE TRIGGER chain BEFORE INSERT ON paspor.case_event
    FOR EACH ROW EXECUTE FUNCTION paspor.chain_event();

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['case_event', 'access_log', 'seal', 'queue_call'] LOOP
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON paspor.%I
                        FOR EACH ROW EXECUTE FUNCTION paspor.refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON paspor.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION paspor.refuse_change()', v_table);
    END LOOP;
END $$;

-- Steps that are served in one visit to a booth, under one lease.
CREATE FUNCTION paspor.steps_with(p_step text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_step IN ('interview', 'enrolment') THEN ARRAY['interview', 'enrolment'] ELSE ARRAY[p_step] END
$$;

-- The ticket of a person follows the tasks: work left that day means waiting again, none means that the visit is over.
CREATE FUNCTION paspor.ticket_follows(p_number text) RETURNS void LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_held boolean;
    v_open boolean;
BEGIN
    SELECT coalesce(bool_or(lease_until > clock_timestamp()), false), count(*) > 0 INTO v_held, v_open
      FROM task WHERE number = p_number AND state = 'open' AND step IN ('documents', 'interview', 'enrolment');
    UPDATE ticket k
       SET state = CASE WHEN v_open THEN 'waiting' ELSE 'done' END, counter = ''
      FROM office o
     WHERE k.number = p_number AND o.id = k.office AND NOT v_held
       AND k.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
       AND (k.state = 'called' OR (k.state = 'done' AND v_open));
END $$;

CREATE FUNCTION paspor.sync_tasks(p_number text, p_at timestamptz, p_tasks jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    -- In the order in which claims lock them.
    PERFORM 1 FROM task WHERE number = p_number AND state = 'open' ORDER BY id FOR UPDATE;
    UPDATE task SET state = 'done', done_at = clock_timestamp(), owner = NULL, lease_id = NULL, lease_until = NULL
     WHERE number = p_number AND state = 'open'
       AND key <> ALL (ARRAY(SELECT value ->> 'key' FROM jsonb_array_elements(p_tasks)));
    INSERT INTO task (key, number, step, role, office, since, due_at, barred, owner, lease_id, lease_until)
    SELECT t ->> 'key', p_number, t ->> 'step', t ->> 'role', t ->> 'office', p_at, (t ->> 'due_at')::timestamptz,
           ARRAY(SELECT jsonb_array_elements_text(t -> 'barred')), l.officer, l.id, l.until
      FROM jsonb_array_elements(p_tasks) AS listed (t)
      -- The second half of a booth visit goes on under the lease of the first.
      LEFT JOIN lease l ON l.number = p_number AND l.ended_at IS NULL AND l.until > clock_timestamp()
           AND t ->> 'step' IN ('interview', 'enrolment') AND t ->> 'step' = ANY (l.steps)
           AND NOT (t -> 'barred') ? l.officer
    ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, role = excluded.role, office = excluded.office,
           barred = excluded.barred,
           owner = CASE WHEN task.owner = ANY (excluded.barred) THEN NULL ELSE task.owner END,
           lease_id = CASE WHEN task.owner = ANY (excluded.barred) THEN NULL ELSE task.lease_id END,
           lease_until = CASE WHEN task.owner = ANY (excluded.barred) THEN NULL ELSE task.lease_until END
     WHERE task.state = 'open';
    UPDATE lease l SET ended_at = greatest(clock_timestamp(), l.granted_at)
     WHERE l.number = p_number AND l.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.lease_id = l.id AND t.state = 'open');
    PERFORM ticket_follows(p_number);
END $$;

-- One event with the view and the tasks after it, in one round trip. False when the key was written before.
CREATE FUNCTION paspor.write_note(p_number text, p_run_id text, p_event jsonb, p_view jsonb, p_tasks jsonb)
RETURNS boolean LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_version int := (p_view ->> 'version')::int;
    v_known int;
    v_at timestamptz := (p_event ->> 'at')::timestamptz;
BEGIN
    SELECT version INTO v_known FROM application WHERE number = p_number FOR UPDATE;
    IF NOT FOUND THEN
        -- The filing of a person with a live case got no row; its ending has nowhere to be written, and that is all right.
        IF p_view ->> 'ending' = 'not_accepted' THEN
            RETURN true;
        END IF;
        RAISE EXCEPTION 'no such case' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM case_event WHERE key = p_event ->> 'key') THEN
        RETURN false;
    END IF;
    INSERT INTO case_event (number, key, at, action, stage, outcome, actor, role, office, reason, rule, details)
    VALUES (p_number, p_event ->> 'key', v_at, p_event ->> 'action', p_event ->> 'stage', p_event ->> 'outcome',
            p_event ->> 'actor', p_event ->> 'role', p_event ->> 'office', p_event ->> 'reason', p_event ->> 'rule',
            p_event ->> 'details');
    IF v_version >= v_known THEN  -- a late note of an older state changes neither view nor tasks
        UPDATE application
           SET version = v_version, view = p_view, stage = p_view ->> 'stage', ending = p_view ->> 'ending',
               office = nullif(p_view ->> 'office', ''), due_at = (p_view #>> '{next_step,by}')::timestamptz,
               bookable = (p_view ->> 'bookable')::boolean AND p_view ->> 'ending' IS NULL,
               ended_at = CASE WHEN p_view ->> 'ending' IS NOT NULL THEN greatest(v_at, created_at) END,
               run_id = coalesce(nullif(p_run_id, ''), run_id), updated_at = clock_timestamp()
         WHERE number = p_number;
        PERFORM sync_tasks(p_number, v_at, p_tasks);
    END IF;
    RETURN true;
END $$;

-- A lease on a task and on what is served with it. Null when somebody else holds it, it is done, or p_officer is barred.
CREATE FUNCTION paspor.grant_lease(p_task uuid, p_officer text, p_counter text, p_reason text, p_minutes int)
RETURNS uuid LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_task record;
    v_now timestamptz := clock_timestamp();
    v_lease uuid;
BEGIN
    SELECT number, steps_with(step) AS steps INTO v_task FROM task WHERE id = p_task;
    PERFORM 1 FROM task WHERE number = v_task.number AND step = ANY (v_task.steps) AND state = 'open'
      ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM task
                WHERE number = v_task.number AND step = ANY (v_task.steps) AND state = 'open'
                  AND (p_officer = ANY (barred) OR (lease_until > v_now AND owner <> p_officer)))
       OR NOT EXISTS (SELECT 1 FROM task WHERE id = p_task AND state = 'open') THEN
        RETURN NULL;
    END IF;
    SELECT lease_id INTO v_lease FROM task WHERE id = p_task AND lease_until > v_now;
    IF v_lease IS NOT NULL THEN
        RETURN v_lease;  -- the officer's own: asking twice is no harm
    END IF;
    UPDATE lease SET ended_at = v_now WHERE ended_at IS NULL AND granted_at <= v_now AND id IN (
        SELECT lease_id FROM task WHERE number = v_task.number AND step = ANY (v_task.steps) AND state = 'open');
    INSERT INTO lease (number, office, steps, officer, counter, reason, granted_at, until)
    SELECT number, office, v_task.steps, p_officer, p_counter, p_reason, v_now, v_now + make_interval(mins => p_minutes)
      FROM task WHERE id = p_task
    RETURNING id INTO v_lease;
    UPDATE task SET owner = p_officer, lease_id = v_lease, lease_until = v_now + make_interval(mins => p_minutes)
     WHERE number = v_task.number AND step = ANY (v_task.steps) AND state = 'open';
    RETURN v_lease;
END $$;

-- Give a lease back. False when it was over already or is another's.
CREATE FUNCTION paspor.end_lease(p_lease uuid, p_officer text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    PERFORM 1 FROM task WHERE lease_id = p_lease ORDER BY id FOR UPDATE;
    UPDATE lease SET ended_at = greatest(clock_timestamp(), granted_at)
     WHERE id = p_lease AND officer = p_officer AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE task SET owner = NULL, lease_id = NULL, lease_until = NULL WHERE lease_id = p_lease;
    RETURN true;
END $$;
