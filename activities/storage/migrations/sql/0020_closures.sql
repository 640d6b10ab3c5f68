-- Days that an office closes, and what it moves for a cause. Order of locks as everywhere: slots by id, then bookings,
-- then what follows them.

-- Enter who has a seat of a closed day and is to be given another; how many are new. An offer that nobody has taken
-- ends, and who waited goes on waiting.
CREATE FUNCTION paspor.list_reseatings(p_office text, p_day date) RETURNS int
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_new int;
BEGIN
    -- Slots before all else: the seats of that day are locked in their order.
    PERFORM free_seat(b.id, 'released', false) FROM (
        SELECT b.id FROM closure c JOIN slot s ON s.office = c.office AND s.day = c.day
          JOIN booking b ON b.slot_id = s.id AND b.state = 'offered'
         WHERE c.office = p_office AND c.day = p_day ORDER BY s.id, b.id) AS b;
    INSERT INTO reseating (office, day, booking_id, number, family, from_slot, booked_at)
    SELECT s.office, s.day, b.id, b.number, a.family, s.id, b.created_at
      FROM closure c JOIN slot s ON s.office = c.office AND s.day = c.day
      JOIN booking b ON b.slot_id = s.id AND b.state IN ('held', 'confirmed')
      JOIN application a ON a.number = b.number
     WHERE c.office = p_office AND c.day = p_day
    -- Who had lost the seat and paid after all has it again, on a day that is closed.
    ON CONFLICT (office, day, booking_id) DO UPDATE SET state = 'waiting', unplaced_at = NULL
     WHERE reseating.state = 'gone';
    GET DIAGNOSTICS v_new = ROW_COUNT;
    -- Who has left, or has moved by themselves, needs nothing any more.
    UPDATE reseating r SET state = 'gone'
     WHERE r.office = p_office AND r.day = p_day AND r.state = 'waiting'
       AND NOT EXISTS (SELECT 1 FROM booking b JOIN slot s ON s.id = b.slot_id
                        WHERE b.id = r.booking_id AND b.state IN ('held', 'confirmed')
                          AND s.office = r.office AND s.day = r.day);
    RETURN v_new;
END $$;

-- Close an office for a day: from the commit on nobody gets a seat of it. False when it was closed already.
CREATE FUNCTION paspor.close_day(p_office text, p_day date, p_reason text, p_by text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    -- Whoever is about to take a seat of that day holds its slot: here they are done, or they will see the closure.
    PERFORM 1 FROM slot WHERE office = p_office AND day = p_day ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO closure (office, day, reason, closed_by) VALUES (p_office, p_day, p_reason, p_by)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM list_reseatings(p_office, p_day);
    RETURN true;
END $$;

-- Open a day again that was closed by mistake: ok, not_closed, or people_moved, after which there is no way back.
CREATE FUNCTION paspor.reopen_day(p_office text, p_day date, p_reason text, p_by text) RETURNS text
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    PERFORM 1 FROM slot WHERE office = p_office AND day = p_day ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM closure WHERE office = p_office AND day = p_day FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not_closed';
    END IF;
    IF EXISTS (SELECT 1 FROM reseating WHERE office = p_office AND day = p_day AND state = 'moved') THEN
        RETURN 'people_moved';
    END IF;
    DELETE FROM reseating WHERE office = p_office AND day = p_day;
    WITH opened AS (DELETE FROM closure WHERE office = p_office AND day = p_day RETURNING *)
    INSERT INTO reopening (office, day, reason, closed_by, closed_at, why, opened_by)
    SELECT office, day, reason, closed_by, at, p_reason, p_by FROM opened;
    RETURN 'ok';
END $$;

-- Move live seats, all or none, in one act: paid stays paid, and a hold keeps its end. p_slots are where to, in the order
-- of p_bookings; p_from where they are by the caller's last look. p_kept: a seat that is kept out of the public pool
-- will do. Answers: ok, slot_full, slot_gone, and `again` where somebody else was faster.
CREATE FUNCTION paspor.shift_seats(
    p_bookings uuid[], p_from bigint[], p_slots bigint[], p_kept boolean, p_about jsonb
) RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    r record;
    v_reserved int;
BEGIN
    PERFORM 1 FROM slot WHERE id = ANY (p_from || p_slots) ORDER BY id FOR NO KEY UPDATE;
    -- Live ones only: an ended one is locked before its slot where it is taken again (`confirm_seat`).
    PERFORM 1 FROM booking WHERE id = ANY (p_bookings) AND state IN ('held', 'confirmed') ORDER BY id FOR UPDATE;
    IF (SELECT count(*) FROM unnest(p_bookings, p_from) AS q (id, slot)
          JOIN booking b ON b.id = q.id AND b.slot_id = q.slot AND b.state IN ('held', 'confirmed'))
       <> cardinality(p_bookings) THEN
        RETURN 'again';
    END IF;
    FOR r IN SELECT w.slot, w.wanted, s.seats - s.taken AS free, s.kept, s.starts_at <= clock_timestamp() OR EXISTS (
                        SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day) AS gone
               FROM (SELECT slot, count(*)::int AS wanted FROM unnest(p_slots) AS slot GROUP BY slot) AS w
               JOIN slot s ON s.id = w.slot ORDER BY w.slot
    LOOP
        IF r.gone THEN
            RETURN 'slot_gone';
        ELSIF r.wanted > r.free - r.kept * (NOT p_kept)::int THEN
            RETURN 'slot_full';
        END IF;
    END LOOP;
    FOR r IN SELECT slot, count(*)::int AS wanted FROM unnest(p_slots) AS slot GROUP BY slot ORDER BY slot
    LOOP
        -- What was reserved for people of closed days goes first, then what is public, then what is kept for others.
        v_reserved := 0;
        IF p_kept THEN
            SELECT coalesce(max(least(seats, r.wanted)), 0) INTO v_reserved FROM seat_reserve WHERE slot_id = r.slot;
            UPDATE seat_reserve SET seats = seats - v_reserved WHERE slot_id = r.slot AND v_reserved > 0;
        END IF;
        UPDATE slot SET taken = taken + r.wanted,
               kept = least(greatest(kept - v_reserved, 0), seats - taken - r.wanted) WHERE id = r.slot;
    END LOOP;
    PERFORM give_back(slot) FROM unnest(p_from) AS slot;
    WITH moved AS (
        UPDATE booking b SET slot_id = q.slot, revision = b.revision + 1
          FROM unnest(p_bookings, p_slots) AS q (id, slot) WHERE b.id = q.id RETURNING b.*)
    INSERT INTO outbox (topic, number, workflow_id, key, body)
    SELECT 'seat_moved', m.number, a.workflow_id, m.id || ':' || m.revision, jsonb_build_object(
               'appointment', appointment(
                   m.id, s.id, s.office, s.lane, s.starts_at, s.ends_at, f.utc_offset, m.state),
               'revision', m.revision, 'was_at', was.starts_at, 'about', p_about)
      FROM moved m JOIN application a ON a.number = m.number
      JOIN slot s ON s.id = m.slot_id JOIN office f ON f.id = s.office
      JOIN unnest(p_bookings, p_from) AS q (id, slot) ON q.id = m.id JOIN slot was ON was.id = q.slot;
    RETURN 'ok';
END $$;

-- Give people of a closed day (one person, or a family) the seats that were found for them, all or none.
-- `again`: somebody was faster, or they have been moved already.
CREATE FUNCTION paspor.reseat(p_office text, p_day date, p_bookings uuid[], p_from bigint[], p_slots bigint[])
RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_code text;
    v_moved int;
    v_reason text;
BEGIN
    SELECT reason INTO v_reason FROM closure WHERE office = p_office AND day = p_day;
    v_code := shift_seats(p_bookings, p_from, p_slots, true, jsonb_build_object(
        'cause', 'closure', 'reason', v_reason, 'by', 'system', 'role', 'system'));
    IF v_code <> 'ok' THEN
        RETURN v_code;
    END IF;
    -- Under the locks of the slots: whoever opens the day again has done so before, or finds these people moved.
    UPDATE reseating r SET state = 'moved', to_slot = q.slot, given = r.given || q.slot, moved_at = clock_timestamp()
      FROM unnest(p_bookings, p_slots) AS q (id, slot), closure c
     WHERE r.office = p_office AND r.day = p_day AND r.booking_id = q.id AND r.state = 'waiting'
       AND c.office = p_office AND c.day = p_day;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    IF v_moved <> cardinality(p_bookings) THEN
        RAISE EXCEPTION 'the closure has changed' USING ERRCODE = '40001';
    END IF;
    RETURN 'ok';
END $$;

-- Say once to people of a closed day that no seat is free for them yet.
CREATE FUNCTION paspor.note_unplaced(p_office text, p_day date, p_bookings uuid[]) RETURNS void
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    WITH first AS (
        UPDATE reseating SET unplaced_at = clock_timestamp()
         WHERE office = p_office AND day = p_day AND booking_id = ANY (p_bookings)
           AND state = 'waiting' AND unplaced_at IS NULL
        RETURNING *)
    INSERT INTO outbox (topic, number, workflow_id, key, body)
    SELECT 'news', f.number, a.workflow_id, f.booking_id || ':unplaced:' || f.day, jsonb_build_object(
               'kind', 'seat_sought', 'facts', jsonb_build_object(
                   'office', f.office, 'reason', c.reason,
                   'was_at', to_char(s.starts_at AT TIME ZONE o.time_zone, 'YYYY-MM-DD"T"HH24:MI')
                             || '+0' || o.utc_offset || ':00'))
      FROM first f JOIN application a ON a.number = f.number JOIN slot s ON s.id = f.from_slot
      JOIN office o ON o.id = f.office JOIN closure c ON c.office = f.office AND c.day = f.day
    ON CONFLICT DO NOTHING
$$;

-- Who was moved off a closed day does not want that seat: they get the next one, as often as the rule of today says.
-- Answers: ok, refusals_used, again, slot_full, slot_gone. The same key is the same refusal.
CREATE FUNCTION paspor.refuse_seat(
    p_number text, p_key text, p_bookings uuid[], p_from bigint[], p_slots bigint[], p_by text, p_role text
) RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_code text;
    v_most int;
    v_reason text;
BEGIN
    PERFORM 1 FROM slot WHERE id = ANY (p_from || p_slots) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM seat_request WHERE key = p_key) THEN
        RETURN 'ok';
    END IF;
    SELECT (rule_value('reseating', r.office, (clock_timestamp() AT TIME ZONE o.time_zone)::date) ->> 'refusals')::int,
           c.reason INTO v_most, v_reason
      FROM reseating r JOIN office o ON o.id = r.office JOIN closure c ON c.office = r.office AND c.day = r.day
     WHERE r.booking_id = p_bookings[1] AND r.state = 'moved' AND r.to_slot = p_from[1];
    IF NOT FOUND THEN
        RETURN 'again';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(p_bookings, p_from) AS q (id, slot)
                 JOIN reseating r ON r.booking_id = q.id AND r.to_slot = q.slot AND r.state = 'moved'
                WHERE r.refusals >= v_most) THEN
        RETURN 'refusals_used';
    END IF;
    v_code := shift_seats(p_bookings, p_from, p_slots, false, jsonb_build_object(
        'cause', 'refused', 'reason', v_reason, 'by', p_by, 'role', p_role));
    IF v_code <> 'ok' THEN
        RETURN v_code;
    END IF;
    UPDATE reseating r SET to_slot = q.slot, given = r.given || q.slot, refusals = r.refusals + 1,
           moved_at = clock_timestamp()
      FROM unnest(p_bookings, p_from, p_slots) AS q (id, was, slot)
     WHERE r.booking_id = q.id AND r.to_slot = q.was AND r.state = 'moved';
    INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
    SELECT p_key, b.number, b.id, b.slot_id, b.state, b.revision FROM booking b
     WHERE b.number = p_number AND b.id = ANY (p_bookings);
    RETURN 'ok';
END $$;

-- The office moves a person's appointment for a cause, within its own seats; the person's own reschedule stays theirs.
-- Answers: ok, slot_full, slot_gone, not_bookable (no live seat at that office), again. The same key is the same act.
CREATE FUNCTION paspor.move_for_cause(
    p_number text, p_slot bigint, p_key text, p_office text, p_by text, p_role text, p_reason text
) RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    b record;
    v_code text;
BEGIN
    IF EXISTS (SELECT 1 FROM seat_request WHERE key = p_key AND number = p_number) THEN
        RETURN 'ok';
    END IF;
    SELECT o.id, o.slot_id, s.office, a.service INTO b
      FROM booking o JOIN slot s ON s.id = o.slot_id JOIN application a ON a.number = o.number
     WHERE o.number = p_number AND o.state IN ('held', 'confirmed') AND s.office = p_office;
    IF NOT FOUND THEN
        RETURN 'not_bookable';
    END IF;
    -- Priority may be given by the office; same-day seats are for who pays for the service.
    IF b.slot_id = p_slot OR NOT EXISTS (
        SELECT 1 FROM slot WHERE id = p_slot AND office = p_office AND lane IN ('regular', 'priority', b.service)) THEN
        RETURN 'slot_gone';
    END IF;
    v_code := shift_seats(ARRAY[b.id], ARRAY[b.slot_id], ARRAY[p_slot], false, jsonb_build_object(
        'cause', 'office', 'reason', p_reason, 'by', p_by, 'role', p_role));
    IF v_code = 'ok' THEN
        INSERT INTO special_move (key, number, booking_id, from_slot, to_slot, reason, moved_by, role)
        VALUES (p_key, p_number, b.id, b.slot_id, p_slot, p_reason, p_by, p_role);
        INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
        SELECT p_key, o.number, o.id, o.slot_id, o.state, o.revision FROM booking o WHERE o.id = b.id;
    END IF;
    RETURN v_code;
END $$;

-- The first day on which people of a closed day are given a seat: whole days lie in between, to read the message.
CREATE FUNCTION paspor.earliest_reseating(p_office text) RETURNS date
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT t.today + 1 + (rule_value('reseating', p_office, t.today) ->> 'notice_days')::int
      FROM (SELECT (clock_timestamp() AT TIME ZONE time_zone)::date AS today FROM office WHERE id = p_office) AS t
$$;

-- Seats that appear while people of a closed day have found none are reserved for them, before anybody polls them away:
-- as many as there are people of that office and lane without one. How many of these.
CREATE FUNCTION paspor.reserve_for_closed(p_slot bigint, p_office text, p_lane text, p_day date, p_free int) RETURNS int
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_wanted int;
BEGIN
    SELECT count(*) INTO v_wanted
      FROM reseating r JOIN slot s ON s.id = r.from_slot
     WHERE r.state = 'waiting' AND r.unplaced_at IS NOT NULL AND r.office = p_office AND r.day < p_day
       AND s.lane = p_lane;
    IF v_wanted = 0 OR p_day < earliest_reseating(p_office)
       OR EXISTS (SELECT 1 FROM closure c WHERE c.office = p_office AND c.day = p_day) THEN
        RETURN 0;
    END IF;
    v_wanted := least(p_free, v_wanted - coalesce((
        SELECT sum(q.seats) FROM seat_reserve q JOIN slot s ON s.id = q.slot_id
         WHERE s.office = p_office AND s.lane = p_lane), 0));
    IF v_wanted > 0 THEN
        INSERT INTO seat_reserve AS q (slot_id, seats) VALUES (p_slot, v_wanted)
        ON CONFLICT (slot_id) DO UPDATE SET seats = q.seats + v_wanted;
    END IF;
    RETURN greatest(v_wanted, 0);
END $$;

CREATE FUNCTION paspor.keep_for_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.kept := NEW.kept + reserve_for_closed(
            NEW.id, NEW.office, NEW.lane, NEW.day, NEW.seats - NEW.taken - NEW.kept);
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM reseating WHERE office = NEW.office AND state = 'waiting' AND unplaced_at IS NOT NULL) THEN
        UPDATE slot SET kept = kept + reserve_for_closed(
            NEW.id, NEW.office, NEW.lane, NEW.day, NEW.seats - NEW.taken - NEW.kept) WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

-- The condition is PostgreSQL's own: who takes a seat calls nothing.
CREATE TRIGGER slot_seats_come_free BEFORE UPDATE OF taken, kept, seats ON paspor.slot FOR EACH ROW
    WHEN (NEW.seats - NEW.taken - NEW.kept > OLD.seats - OLD.taken - OLD.kept)
    EXECUTE FUNCTION paspor.keep_for_closed();
CREATE TRIGGER slot_seats_are_new AFTER INSERT ON paspor.slot FOR EACH ROW
    WHEN (NEW.seats > 0) EXECUTE FUNCTION paspor.keep_for_closed();

-- Give back to the public what was reserved and nobody needs, or can use, any more. The caller holds no lock.
CREATE FUNCTION paspor.end_reserve(p_office text) RETURNS void
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_over bigint[];
BEGIN
    SELECT array_agg(s.id) INTO v_over
      FROM seat_reserve q JOIN slot s ON s.id = q.slot_id
     WHERE s.office = p_office AND (q.seats = 0 OR s.day < earliest_reseating(p_office) OR NOT EXISTS (
               SELECT 1 FROM reseating r JOIN slot w ON w.id = r.from_slot
                WHERE r.office = p_office AND r.state = 'waiting' AND r.unplaced_at IS NOT NULL AND w.lane = s.lane));
    PERFORM 1 FROM slot WHERE id = ANY (v_over) ORDER BY id FOR NO KEY UPDATE;
    WITH ended AS (DELETE FROM seat_reserve WHERE slot_id = ANY (v_over) RETURNING slot_id, seats)
    UPDATE slot s SET kept = s.kept - least(o.seats, s.kept) FROM ended o WHERE o.slot_id = s.id;
END $$;
