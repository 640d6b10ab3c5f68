-- Families: one act, one fate of their seats. Order of locks as everywhere: slots by id, then bookings.

-- The slot and as many that follow it without a pause, of the same office, lane and day.
CREATE FUNCTION paspor.slots_in_a_row(p_slot bigint, p_more int) RETURNS TABLE (id bigint, place int)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    WITH RECURSIVE found AS (
        SELECT s.id, s.office, s.lane, s.day, s.ends_at, 0 AS place FROM slot s WHERE s.id = p_slot
        UNION ALL
        SELECT n.id, n.office, n.lane, n.day, n.ends_at, f.place + 1
          FROM found f JOIN slot n ON n.office = f.office AND n.lane = f.lane AND n.starts_at = f.ends_at
                                  AND n.day = f.day
         WHERE f.place < p_more)
    SELECT found.id, found.place FROM found
$$;

-- What a request of a family has won: nothing, or a seat for each member.
CREATE FUNCTION paspor.family_seats_won(p_family uuid, p_key text)
RETURNS TABLE (ord bigint, number text, code text, booking_id uuid, slot_id bigint, state text, revision int)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT row_number() OVER (ORDER BY a.number), a.number, 'ok', r.booking_id, r.slot_id, r.state, r.revision
      FROM application a JOIN seat_request r ON r.key = p_key || '/' || a.number AND r.number = a.number
     WHERE a.family = p_family
$$;

-- Seats for all members of a family who may still have one, in the slot, or from it on in slots that follow without a
-- pause where the rule `family` allows it; or no seat at all. It seats them by `take_seats`, hence by the same guards
-- and into the same outbox, in one subtransaction that is rolled back when one member got none. Answers a row a member,
-- or one row with the code of `take_seats` and the member that it is about. The same key gets the same seats.
CREATE FUNCTION paspor.take_family_seats(p_family uuid, p_slot bigint, p_key text, p_day date)
RETURNS TABLE (ord bigint, number text, code text, booking_id uuid, slot_id bigint, state text, revision int)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_members text[];
    v_row bigint[];
    v_locked bigint[];
    v_seated text[] := '{}';
    v_places bigint[] := '{}';
    v_free int;
    r record;
    m record;
BEGIN
    RETURN QUERY SELECT * FROM family_seats_won(p_family, p_key);
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(a.number ORDER BY a.number), '{}') INTO v_members
      FROM application a WHERE a.family = p_family AND a.ending IS NULL;
    ord := 0; revision := 0; number := v_members[1];
    IF number IS NULL THEN
        code := 'no_application';
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT array_agg(w.id ORDER BY w.place) INTO v_row
      FROM slot s, slots_in_a_row(
               p_slot, coalesce((rule_value('family', s.office, p_day) ->> 'adjacent_slots')::int, 0)) w
     WHERE s.id = p_slot;
    -- As in take_seats: a slot that is full is not locked; one that members may leave is.
    SELECT coalesce(array_agg(id), '{}') INTO v_locked FROM (
        SELECT s.id FROM slot s WHERE s.id = ANY (ARRAY(
            SELECT w.id FROM slot w WHERE w.id = ANY (v_row) AND w.taken + w.kept < w.seats
            UNION
            SELECT o.slot_id FROM application a JOIN booking o ON o.person_key = a.person_key
             WHERE a.number = ANY (v_members) AND o.state IN ('offered', 'held', 'confirmed')))
         ORDER BY s.id FOR NO KEY UPDATE) AS locking;
    -- The first slot takes whom it can, the next one the rest. Who sits in one already needs no new seat there.
    FOR r IN SELECT s.id, s.seats - s.taken - s.kept AS free
               FROM unnest(v_row) WITH ORDINALITY AS w (id, place) JOIN slot s ON s.id = w.id
              WHERE s.id = ANY (v_locked) ORDER BY w.place LOOP
        v_free := r.free;
        FOR m IN SELECT w.number, o.id IS NOT NULL AS here
                   FROM unnest(v_members) AS w (number) JOIN application a ON a.number = w.number
                   LEFT JOIN booking o ON o.person_key = a.person_key AND o.slot_id = r.id
                                      AND o.state IN ('offered', 'held', 'confirmed')
                  WHERE w.number <> ALL (v_seated) ORDER BY here DESC, w.number LOOP
            CONTINUE WHEN NOT m.here AND v_free <= 0;
            v_free := v_free - (NOT m.here)::int;
            v_seated := v_seated || m.number;
            v_places := v_places || r.id;
        END LOOP;
    END LOOP;
    IF v_row IS NOT NULL AND cardinality(v_seated) < cardinality(v_members) THEN
        -- Perhaps this very request has won them meanwhile.
        RETURN QUERY SELECT * FROM family_seats_won(p_family, p_key);
        IF NOT FOUND THEN
            code := 'slot_full';
            RETURN NEXT;
        END IF;
        RETURN;
    END IF;
    IF v_row IS NULL THEN  -- no such slot: told as take_seats tells it
        v_seated := v_members;
        v_places := array_fill(p_slot, ARRAY[cardinality(v_members)]);
    END IF;
    BEGIN
        FOR r IN SELECT v_seated[t.ord] AS number, t.code
                   FROM take_seats(v_seated, v_places, ARRAY(
                            SELECT p_key || '/' || w.number FROM unnest(v_seated) WITH ORDINALITY AS w (number, place)
                             ORDER BY w.place),
                        array_fill(p_day, ARRAY[cardinality(v_seated)])) AS t
                  WHERE t.code <> 'ok' ORDER BY t.code = 'again', t.ord LOOP
            number := r.number;
            code := r.code;
            RAISE EXCEPTION 'a member has no seat' USING ERRCODE = 'PF001';
        END LOOP;
    EXCEPTION WHEN SQLSTATE 'PF001' THEN  -- what the others had won is undone
        RETURN NEXT;
        RETURN;
    END;
    RETURN QUERY SELECT * FROM family_seats_won(p_family, p_key);
END $$;
