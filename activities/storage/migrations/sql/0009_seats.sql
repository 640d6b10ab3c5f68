-- Seats. Order of locks everywhere: slots by id, then bookings.

CREATE FUNCTION paspor.rule_value(p_name text, p_office text, p_on date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT value FROM paspor.rule
     WHERE name = p_name AND office IN ('', p_office) AND effective_from <= p_on
     ORDER BY office DESC, effective_from DESC LIMIT 1  -- an office's own comes before the nation's (empty)
$$;

CREATE FUNCTION paspor.public_slot(p_slot bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 's' || to_hex(p_slot)
$$;

-- What a workflow is told of its seat: an Appointment.
CREATE FUNCTION paspor.appointment(
    p_booking uuid, p_slot bigint, p_office text, p_lane text, p_starts_at timestamptz, p_ends_at timestamptz,
    p_utc_offset int, p_state text
) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'booking', p_booking, 'slot_id', paspor.public_slot(p_slot), 'office', p_office, 'lane', p_lane,
        'starts_at', p_starts_at, 'ends_at', p_ends_at, 'utc_offset', p_utc_offset, 'state', p_state)
$$;

-- Move a person's live booking to a slot: a hold as often as they like, a paid seat as the rule allows.
-- p_locked are the slots that the caller has locked.
CREATE FUNCTION paspor.move_seat(p_number text, p_slot bigint, p_key text, p_day date, p_locked bigint[],
    OUT code text, OUT booking_id uuid, OUT slot_id bigint, OUT state text, OUT revision int)
LANGUAGE plpgsql SET enable_seqscan = off SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    b record;
    v_rule jsonb;
BEGIN
    SELECT o.*, s.day, s.office, greatest(p_day, (clock_timestamp() AT TIME ZONE f.time_zone)::date) AS today INTO b
      FROM application a JOIN booking o ON o.person_key = a.person_key AND o.state IN ('held', 'confirmed')
      JOIN slot s ON s.id = o.slot_id JOIN office f ON f.id = s.office
     WHERE a.number = p_number FOR UPDATE OF o;
    code := CASE WHEN NOT FOUND THEN 'again' WHEN b.number <> p_number THEN 'not_bookable' ELSE 'ok' END;
    IF code = 'ok' AND b.slot_id <> p_slot THEN
        IF b.state = 'confirmed' THEN
            -- By the clock of the office, whatever the caller's date: at 06:00 in Bali it is yesterday in UTC.
            v_rule := rule_value('reschedule', b.office, b.today);
            code := CASE WHEN b.moves >= (v_rule ->> 'times')::int THEN 'reschedule_used'
                         WHEN b.today > b.day - (v_rule ->> 'days_before')::int THEN 'too_late' ELSE 'ok' END;
        END IF;
        IF code = 'ok' AND b.slot_id <> ALL (p_locked) THEN
            code := CASE WHEN p_slot = ANY (p_locked) THEN 'again' ELSE 'slot_full' END;
        END IF;
        IF code = 'ok' THEN
            UPDATE slot SET taken = taken + 1 WHERE id = p_slot AND id = ANY (p_locked) AND taken < seats;
            IF FOUND THEN
                UPDATE slot SET taken = taken - 1 WHERE id = b.slot_id;
                UPDATE booking o SET slot_id = p_slot, revision = o.revision + 1,
                       moves = o.moves + (o.state = 'confirmed')::int WHERE o.id = b.id;
                INSERT INTO outbox (topic, number, workflow_id, key, body)
                SELECT 'seat_taken', p_number, a.workflow_id, b.id || ':' || b.revision + 1, appointment(
                           b.id, s.id, s.office, s.lane, s.starts_at, s.ends_at, f.utc_offset, b.state)
                  FROM application a, slot s JOIN office f ON f.id = s.office
                 WHERE a.number = p_number AND s.id = p_slot;
            ELSE
                code := 'slot_full';
            END IF;
        END IF;
    END IF;
    IF code = 'ok' THEN
        INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
        SELECT p_key, o.number, o.id, o.slot_id, o.state, o.revision FROM booking o WHERE o.id = b.id
        ON CONFLICT (key) DO NOTHING;
        SELECT o.id, o.slot_id, o.state, o.revision INTO booking_id, slot_id, state, revision
          FROM booking o WHERE o.id = b.id;
    END IF;
END $$;

-- What has queued up in one process: one transaction, each slot locked once, one flush of the log.
-- Answers: ok, slot_full, slot_gone, not_bookable, reschedule_used, too_late, no_application, and `again` where another
-- request of the person was in the way and this one is to be asked once more.
CREATE FUNCTION paspor.take_seats(p_numbers text[], p_slots bigint[], p_keys text[], p_days date[])
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
            -- The rule's minutes, and a quarter of an hour of grace: the workflow's own timer is the punctual one.
            SELECT office, on_day, v_now + make_interval(
                       mins => (rule_value('payment', office, on_day) ->> 'minutes')::int + 15) AS until
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

-- The open slots of the same office and lane that are nearest in time.
CREATE FUNCTION paspor.alternatives(p_slot bigint, p_most int) RETURNS TABLE (slot_id text)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT public_slot(s.id)
      FROM slot w JOIN slot s ON s.office = w.office AND s.lane = w.lane AND s.id <> w.id
     WHERE w.id = p_slot AND s.taken < s.seats AND s.starts_at > clock_timestamp()
       AND s.day BETWEEN w.day - 31 AND w.day + 31
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
     ORDER BY abs(extract(epoch FROM s.starts_at - w.starts_at)), s.id LIMIT p_most
$$;

-- Paid: a held seat becomes a confirmed one. One that lapsed is taken again where its slot still has room.
CREATE FUNCTION paspor.confirm_seat(p_booking uuid, p_number text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    b record;
BEGIN
    SELECT * INTO b FROM booking WHERE id = p_booking AND number = p_number FOR UPDATE;
    IF NOT FOUND OR b.state IN ('confirmed', 'used') THEN
        RETURN b.state IS NOT NULL;
    END IF;
    IF b.state = 'held' THEN
        UPDATE booking SET state = 'confirmed', hold_until = NULL WHERE id = p_booking;
        RETURN true;
    END IF;
    IF b.state <> 'expired' OR EXISTS (
        SELECT 1 FROM booking WHERE person_key = b.person_key AND state IN ('held', 'confirmed')) THEN
        RETURN false;
    END IF;
    -- Nothing else locks an ended booking after its slot, so this order cannot meet its opposite.
    UPDATE slot SET taken = taken + 1 WHERE id = b.slot_id AND taken < seats AND starts_at > clock_timestamp();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE booking SET state = 'confirmed' WHERE id = p_booking;
    RETURN true;
END $$;

-- End a live booking and give its seat back. p_lapsed: only a hold whose time is over. False when nothing was to be done.
CREATE FUNCTION paspor.free_seat(p_booking uuid, p_state text, p_lapsed boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_slot bigint;
BEGIN
    LOOP
        SELECT slot_id INTO v_slot FROM booking WHERE id = p_booking AND state IN ('held', 'confirmed');
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM 1 FROM slot WHERE id = v_slot FOR NO KEY UPDATE;
        UPDATE booking SET state = p_state, hold_until = NULL
         WHERE id = p_booking AND slot_id = v_slot AND state IN ('held', 'confirmed')
           AND (NOT p_lapsed OR (state = 'held' AND hold_until < clock_timestamp()));
        IF FOUND THEN
            UPDATE slot SET taken = taken - 1 WHERE id = v_slot;
            RETURN true;
        END IF;
        IF p_lapsed THEN
            RETURN false;
        END IF;  -- moved meanwhile: look again
    END LOOP;
END $$;

CREATE FUNCTION paspor.expire_holds(p_most int) RETURNS int LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
    v_count int := 0;
BEGIN
    FOR v_booking IN SELECT id FROM booking WHERE state = 'held' AND hold_until < clock_timestamp()
                      ORDER BY slot_id, id LIMIT p_most LOOP
        v_count := v_count + free_seat(v_booking, 'expired', true)::int;
    END LOOP;
    RETURN v_count;
END $$;

-- The next number of a series on a day of an office.
CREATE FUNCTION paspor.next_serial(p_office text, p_day date, p_series text) RETURNS int
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    INSERT INTO ticket_series AS t (office, day, series, last) VALUES (p_office, p_day, p_series, 1)
    ON CONFLICT (office, day, series) DO UPDATE SET last = t.last + 1 RETURNING last
$$;
