-- The request that asked for a lease stands in its row, so that a repeat finds the lease and not the next task.
DROP FUNCTION paspor.grant_lease(uuid, text, text, text, int);
CREATE FUNCTION paspor.grant_lease(p_task uuid, p_officer text, p_counter text, p_reason text, p_minutes int, p_request text)
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
    INSERT INTO lease (number, office, steps, officer, counter, reason, request, granted_at, until)
    SELECT number, office, v_task.steps, p_officer, p_counter, p_reason, p_request, v_now,
           v_now + make_interval(mins => p_minutes)
      FROM task WHERE id = p_task
    RETURNING id INTO v_lease;
    UPDATE task SET owner = p_officer, lease_id = v_lease, lease_until = v_now + make_interval(mins => p_minutes)
     WHERE number = v_task.number AND step = ANY (v_task.steps) AND state = 'open';
    RETURN v_lease;
END $$;

-- As before, but who has left the procedure waits no more: not even a person who was not called yet.
CREATE OR REPLACE FUNCTION paspor.ticket_follows(p_number text) RETURNS void LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
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
       AND (k.state = 'called' OR (k.state = 'done' AND v_open)
            OR (k.state IN ('waiting', 'too_early', 'late', 'parked') AND NOT v_open));
END $$;

-- As before, but the grace of a hold is a rule of the house.
CREATE OR REPLACE FUNCTION paspor.take_seats(p_numbers text[], p_slots bigint[], p_keys text[], p_days date[])
RETURNS TABLE (ord bigint, code text, booking_id uuid, slot_id bigint, state text, revision int)
-- A plan made while the tables were empty would be eight times slower when they are full.
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_locked bigint[];
    v_now timestamptz := clock_timestamp();
    r record;
BEGIN
    -- A slot that is full is not locked, and stays full for this batch even if a seat comes free meanwhile.
    SELECT coalesce(array_agg(id), '{}') INTO v_locked FROM (
        SELECT s.id FROM slot s WHERE s.id = ANY (ARRAY(
            SELECT w.id FROM slot w WHERE w.id = ANY (p_slots) AND w.taken < w.seats
            UNION
            SELECT o.slot_id FROM application a JOIN booking o ON o.person_key = a.person_key
             WHERE a.number = ANY (p_numbers) AND o.state IN ('held', 'confirmed')))
         ORDER BY s.id FOR NO KEY UPDATE) AS locking;

    FOR r IN
        WITH asked AS MATERIALIZED (
            SELECT q.*, a.person_key, a.workflow_id, s.office, s.lane, s.starts_at, s.ends_at, o.utc_offset,
                   s.seats - s.taken AS free, d.booking_id, d.slot_id, d.state, d.revision, CASE
                       WHEN d.number = q.number THEN 'ok'
                       WHEN d.number IS NOT NULL OR a.number IS NULL THEN 'no_application'
                       WHEN NOT a.bookable THEN 'not_bookable'
                       WHEN s.id IS NULL OR s.starts_at <= v_now OR c.day IS NOT NULL THEN 'slot_gone'
                       -- Same-day seats are for who pays for the service; priority is given at the office, not chosen.
                       WHEN s.lane <> 'regular' AND s.lane <> a.service THEN 'slot_gone'
                       WHEN h.id IS NOT NULL THEN 'move'
                       WHEN q.slot <> ALL (v_locked) THEN 'slot_full' END AS verdict
              FROM unnest(p_numbers, p_slots, p_keys, p_days) WITH ORDINALITY AS q (number, slot, key, on_day, place)
              LEFT JOIN application a ON a.number = q.number
              LEFT JOIN slot s ON s.id = q.slot
              LEFT JOIN office o ON o.id = s.office
              LEFT JOIN closure c ON c.office = s.office AND c.day = s.day
              LEFT JOIN booking h ON h.person_key = a.person_key AND h.state IN ('held', 'confirmed')
              LEFT JOIN seat_request d ON d.key = q.key),
        firsts AS (SELECT DISTINCT ON (person_key) * FROM asked WHERE verdict IS NULL ORDER BY person_key, place),
        ranked AS (SELECT *, row_number() OVER (PARTITION BY slot ORDER BY place) AS rank FROM firsts),
        holds AS MATERIALIZED (
            -- The rule's minutes, and some of grace: the workflow's own timer is the punctual one.
            SELECT office, on_day, v_now + make_interval(
                       mins => (rule_value('payment', office, on_day) ->> 'minutes')::int
                               + (rule_value('hold', office, on_day) ->> 'grace_minutes')::int) AS until
              FROM ranked GROUP BY office, on_day),
        booked AS (
            INSERT INTO booking AS b (slot_id, number, person_key, state, hold_until, key)
            SELECT f.slot, f.number, f.person_key, 'held', h.until, f.key
              FROM ranked f JOIN holds h ON h.office = f.office AND h.on_day = f.on_day
             WHERE f.rank <= f.free ORDER BY f.person_key
            ON CONFLICT DO NOTHING RETURNING b.id, b.slot_id, b.number, b.key),
        counted AS (
            UPDATE slot s SET taken = s.taken + n.seats
              FROM (SELECT slot_id, count(*) AS seats FROM booked GROUP BY slot_id) AS n WHERE s.id = n.slot_id),
        won AS (
            INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
            SELECT key, number, id, slot_id, 'held', 1 FROM booked),
        told AS (
            INSERT INTO outbox (topic, number, workflow_id, key, body)
            SELECT 'seat_taken', f.number, f.workflow_id, b.id || ':1', appointment(
                       b.id, f.slot, f.office, f.lane, f.starts_at, f.ends_at, f.utc_offset, 'held')
              FROM booked b JOIN ranked f ON f.key = b.key)
        SELECT q.place, q.number, q.slot, q.key, q.on_day, coalesce(q.verdict, CASE
                   WHEN b.id IS NOT NULL THEN 'ok' WHEN f.rank > f.free THEN 'slot_full' ELSE 'again' END) AS code,
               coalesce(q.booking_id, b.id) AS booking_id, coalesce(q.slot_id, b.slot_id) AS slot_id,
               coalesce(q.state, CASE WHEN b.id IS NOT NULL THEN 'held' END) AS state,
               coalesce(q.revision, CASE WHEN b.id IS NOT NULL THEN 1 ELSE 0 END) AS revision
          FROM asked q LEFT JOIN ranked f ON f.place = q.place LEFT JOIN booked b ON b.key = f.key
         ORDER BY q.place
    LOOP
        ord := r.place;
        code := r.code; booking_id := r.booking_id; slot_id := r.slot_id; state := r.state; revision := r.revision;
        IF code = 'move' THEN
            SELECT m.* INTO code, booking_id, slot_id, state, revision
              FROM move_seat(r.number, r.slot, r.key, r.on_day, v_locked) AS m;
        ELSIF code <> 'ok' THEN
            booking_id := NULL; slot_id := NULL; state := NULL; revision := 0;
        END IF;
        revision := coalesce(revision, 0);
        RETURN NEXT;
    END LOOP;
END $$;

-- Free words of officers: a NIK in them is no part of the reason. The record cleans its own (0008).
CREATE FUNCTION paspor.clean_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reason := regexp_replace(
        NEW.reason, '(?<![0-9])[1-9][0-9]{5}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}(?![0-9])', '[NIK]', 'g');
    RETURN NEW;
END $$;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['lease', 'queue_call', 'closure', 'printer', 'booklet'] LOOP
        EXECUTE format('CREATE TRIGGER clean_reason BEFORE INSERT OR UPDATE OF reason ON paspor.%I
                        FOR EACH ROW WHEN (NEW.reason <> '''') EXECUTE FUNCTION paspor.clean_reason()', v_table);
    END LOOP;
END $$;
