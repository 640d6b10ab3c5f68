-- Draws. Order of locks: the draw, then slots by id, then bookings. How ranks come about: workflows/case/lots.py, which
-- counts the same.

CREATE FUNCTION paspor.sha256_text(p_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(p_text::bytea), 'hex')
$$;

-- What was committed to stays as it was, and what was revealed too.
CREATE FUNCTION paspor.guard_draw() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a draw is not deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'draw_kept';
    END IF;
    IF (OLD.id, OLD.office, OLD.lane, OLD.first_day, OLD.last_day, OLD.opens_at, OLD.closes_at, OLD.seed_hash,
        OLD.opened_by, OLD.committed_at)
       IS DISTINCT FROM (NEW.id, NEW.office, NEW.lane, NEW.first_day, NEW.last_day, NEW.opens_at, NEW.closes_at,
        NEW.seed_hash, NEW.opened_by, NEW.committed_at)
       OR (OLD.seed IS NOT NULL AND (OLD.seed, OLD.list_hash, OLD.revealed_at)
           IS DISTINCT FROM (NEW.seed, NEW.list_hash, NEW.revealed_at)) THEN
        RAISE EXCEPTION 'a draw stays as it was published'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'draw_as_published';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_guarded BEFORE UPDATE OR DELETE ON paspor.draw
    FOR EACH ROW EXECUTE FUNCTION paspor.guard_draw();

-- An entry comes, and changes its days, in the window only. The lock waits for who closes the draw, and is waited for.
CREATE FUNCTION paspor.guard_draw_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    d record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an entry is not deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'draw_entry_kept';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (OLD.id, OLD.draw_id, OLD.number, OLD.person_key, OLD.salt, OLD.entered_at)
        IS DISTINCT FROM (NEW.id, NEW.draw_id, NEW.number, NEW.person_key, NEW.salt, NEW.entered_at)
        OR (OLD.rank IS NOT NULL AND (OLD.lot, OLD.rank) IS DISTINCT FROM (NEW.lot, NEW.rank))) THEN
        RAISE EXCEPTION 'an entry and its rank stay as they are'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'draw_entry_as_entered';
    END IF;
    IF TG_OP = 'INSERT' OR (OLD.first_day, OLD.last_day, OLD.family, OLD.outcome IS NOT NULL AND NEW.outcome IS NULL)
       IS DISTINCT FROM (NEW.first_day, NEW.last_day, NEW.family, false) THEN
        SELECT * INTO d FROM draw WHERE id = NEW.draw_id FOR KEY SHARE;
        IF d.state <> 'committed' OR clock_timestamp() < d.opens_at OR clock_timestamp() >= d.closes_at THEN
            RAISE EXCEPTION 'the draw is not open'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_entry_in_window';
        END IF;
        IF NEW.first_day < d.first_day OR NEW.last_day > d.last_day THEN
            RAISE EXCEPTION 'the draw has other days'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_entry_of_its_days';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_entry_guarded BEFORE INSERT OR UPDATE OR DELETE ON paspor.draw_entry
    FOR EACH ROW EXECUTE FUNCTION paspor.guard_draw_entry();

-- Enter an application, with all of its family in one act, or change the days. Codes: ok, no_draw, draw_not_open,
-- draw_closed, not_bookable, holds_seat, wrong_lane, already_entered (the same person by another application).
CREATE FUNCTION paspor.enter_draw(p_number text, p_draw uuid, p_first date, p_last date, p_salt text) RETURNS text
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    d record;
    v_family uuid;
    v_numbers text[];
    v_code text;
    v_broken text;
BEGIN
    SELECT * INTO d FROM draw WHERE id = p_draw;
    IF NOT FOUND THEN
        RETURN 'no_draw';
    END IF;
    IF d.state <> 'committed' OR clock_timestamp() >= d.closes_at THEN
        RETURN 'draw_closed';
    ELSIF clock_timestamp() < d.opens_at THEN
        RETURN 'draw_not_open';
    END IF;
    SELECT family INTO v_family FROM application WHERE number = p_number;
    SELECT array_agg(number ORDER BY number) INTO v_numbers FROM application
     WHERE number = p_number OR (family = v_family AND ending IS NULL);
    SELECT CASE WHEN bool_or(NOT a.bookable) THEN 'not_bookable'
                WHEN bool_or(d.lane NOT IN ('regular', a.service)) THEN 'wrong_lane'
                WHEN bool_or(EXISTS (SELECT 1 FROM booking b WHERE b.person_key = a.person_key
                                        AND b.state IN ('offered', 'held', 'confirmed'))) THEN 'holds_seat'
                WHEN bool_or(EXISTS (SELECT 1 FROM draw_entry e WHERE e.draw_id = p_draw
                                        AND e.person_key = a.person_key AND e.number <> a.number))
                THEN 'already_entered' ELSE 'ok' END
      INTO v_code FROM application a WHERE a.number = ANY (v_numbers);
    IF v_code = 'ok' THEN
        INSERT INTO draw_entry AS e (id, draw_id, number, person_key, salt, first_day, last_day, family)
        SELECT sha256_text(a.number || ' ' || p_salt), p_draw, a.number, a.person_key, p_salt, p_first, p_last, v_family
          FROM application a WHERE a.number = ANY (v_numbers) ORDER BY a.person_key
        ON CONFLICT (draw_id, person_key) DO UPDATE
           SET first_day = excluded.first_day, last_day = excluded.last_day, family = excluded.family, outcome = NULL;
    END IF;
    RETURN v_code;
EXCEPTION WHEN check_violation THEN
    -- The window closed between the look and the lock.
    GET STACKED DIAGNOSTICS v_broken = CONSTRAINT_NAME;
    IF v_broken <> 'draw_entry_in_window' THEN
        RAISE;
    END IF;
    RETURN 'draw_closed';
END $$;

-- Leave a draw, with all of the family. The entry stays in the list: who could leave it could choose its hash.
CREATE FUNCTION paspor.leave_draw(p_number text, p_draw uuid) RETURNS int
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    WITH gone AS (
        UPDATE draw_entry e SET outcome = 'left' FROM draw_entry mine
         WHERE mine.draw_id = p_draw AND mine.number = p_number AND e.draw_id = p_draw
           AND (e.number = p_number OR e.family = mine.family) AND coalesce(e.outcome, 'not_drawn') = 'not_drawn'
        RETURNING e.id)
    SELECT count(*)::int FROM gone
$$;

-- Reveal the seed and rank all entries; false before the window has closed, or when that is done already.
CREATE FUNCTION paspor.close_draw(p_draw uuid, p_seed text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_list text;
BEGIN
    -- Entries on their way hold the row: their commit is waited for, and none comes after.
    PERFORM 1 FROM draw WHERE id = p_draw AND state = 'committed' AND closes_at <= clock_timestamp() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT sha256_text(coalesce(string_agg(id || ' ' || lot || chr(10), '' ORDER BY id COLLATE "C"), '')) INTO v_list
      FROM (SELECT id, min(id COLLATE "C") OVER (PARTITION BY coalesce(family::text, id)) AS lot
              FROM draw_entry WHERE draw_id = p_draw) AS listed;
    UPDATE draw_entry e SET lot = r.lot, rank = r.rank
      FROM (SELECT id, lot, dense_rank() OVER (ORDER BY sha256_text(
                       p_seed || ' ' || v_list || ' ' || p_draw || ' ' || lot) COLLATE "C") AS rank
              FROM (SELECT id, min(id COLLATE "C") OVER (PARTITION BY coalesce(family::text, id)) AS lot
                      FROM draw_entry WHERE draw_id = p_draw) AS listed) AS r
     WHERE e.id = r.id;
    UPDATE draw SET seed = p_seed, list_hash = v_list, revealed_at = clock_timestamp(), state = 'drawn'
     WHERE id = p_draw;
    RETURN true;
END $$;

-- The draw to which the free seats of a day belong: the newest that has opened. Who is in line of one before may enter.
CREATE FUNCTION paspor.draw_of(p_office text, p_lane text, p_day date) RETURNS uuid
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT id FROM draw
     WHERE office = p_office AND lane = p_lane AND state <> 'done' AND p_day BETWEEN first_day AND last_day
       AND opens_at <= clock_timestamp()
     ORDER BY opens_at DESC, id LIMIT 1
$$;

-- As before (0016), and what comes back on a day of a draw is the draw's, whatever the office's rule for other days, also
-- when it is too late for an offer: a seat that went public in its last hours could be handed to who is told to look.
CREATE OR REPLACE FUNCTION paspor.is_kept(p_slot bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT s.starts_at > clock_timestamp()
           AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
           AND (EXISTS (SELECT 1 FROM draw d WHERE d.office = s.office AND d.lane = s.lane
                           AND s.day BETWEEN d.first_day AND d.last_day)
                OR coalesce(CASE rule_value('returned', s.office,
                                            (clock_timestamp() AT TIME ZONE o.time_zone)::date) ->> 'to'
                   WHEN 'draw' THEN true
                   WHEN 'waiting' THEN EXISTS (
                       SELECT 1 FROM waiting w
                        WHERE w.state = 'waiting' AND w.office = s.office AND w.lane = s.lane
                          AND s.day BETWEEN w.first_day AND w.last_day) END, false))
      FROM slot s JOIN office o ON o.id = s.office WHERE s.id = p_slot
$$;

-- How many seats of a slot wait for a draw since they were never released: on days whose release is by draw, all that are
-- planned; what a clock will release is not the draw's.
CREATE FUNCTION paspor.undrawn(p_slot paspor.slot) RETURNS int
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT CASE WHEN p_slot.planned > p_slot.seats AND EXISTS (
        SELECT 1 FROM seat_release r WHERE r.office = p_slot.office AND r.lane = p_slot.lane AND r.day = p_slot.day
           AND r.at IS NULL) THEN p_slot.planned - p_slot.seats ELSE 0 END
$$;

-- Where so many people find seats together among those that a draw gives: in one slot, or in slots that follow without a
-- pause as far as the rule `family` lets a family sit in; the closest together, then the earliest. What a draw gives is
-- what was never released and what came back, but for what is reserved for people of a closed day. Null where there is no
-- room.
CREATE FUNCTION paspor.draw_seats(p_office text, p_lane text, p_days date[], p_from timestamptz, p_people int)
RETURNS bigint[] LANGUAGE plpgsql STABLE SET search_path = paspor, pg_temp AS $$
BEGIN
    RETURN (
        WITH usable AS (
            SELECT s.id, s.starts_at, n.seats,
                   (s.starts_at IS DISTINCT FROM lag(s.ends_at) OVER (ORDER BY s.starts_at))::int AS gap
              FROM slot s CROSS JOIN LATERAL (
                  SELECT undrawn(s) + greatest(s.kept - reserved_seats(s.id), 0)) AS n (seats)
             WHERE s.office = p_office AND s.lane = p_lane AND s.day = ANY (p_days) AND s.starts_at > p_from
               AND n.seats > 0),
        runs AS (SELECT u.*, sum(gap) OVER (ORDER BY starts_at) AS run FROM usable u),
        places AS (
            SELECT r.id, r.run, r.starts_at, row_number() OVER (ORDER BY r.starts_at, n) AS place
              FROM runs r CROSS JOIN generate_series(1, least(r.seats, p_people)) AS n)
        SELECT array_agg(q.id ORDER BY q.place)
          FROM places p JOIN places q ON q.run = p.run AND q.place BETWEEN p.place AND p.place + p_people - 1
         GROUP BY p.place
        HAVING count(*) = p_people
           AND count(DISTINCT q.id) <= 1 + coalesce((rule_today('family', p_office) ->> 'adjacent_slots')::int, 0)
         ORDER BY max(q.starts_at) - min(q.starts_at), p.place LIMIT 1);
END $$;

-- A moment as the office's clock shows it.
CREATE FUNCTION paspor.local_text(p_moment timestamptz, p_utc_offset int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(p_moment AT TIME ZONE make_interval(hours => p_utc_offset), 'YYYY-MM-DD"T"HH24:MI')
           || '+0' || p_utc_offset || ':00'
$$;

-- Tell the cases what became of their entries.
CREATE FUNCTION paspor.tell_drawn(p_entries text[]) RETURNS void LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    INSERT INTO outbox (topic, number, workflow_id, key, body)
    SELECT 'news', e.number, a.workflow_id, 'draw/' || e.id || '/' || e.outcome, jsonb_build_object(
               'kind', 'drawn', 'facts', jsonb_strip_nulls(jsonb_build_object(
                   'office', d.office, 'result', e.outcome, 'rank', e.rank::text, 'of', n.lots::text,
                   'starts_at', local_text(s.starts_at, o.utc_offset),
                   'until', local_text(b.hold_until, o.utc_offset))))
      FROM draw_entry e JOIN draw d ON d.id = e.draw_id JOIN office o ON o.id = d.office
      JOIN application a ON a.number = e.number
      JOIN (SELECT draw_id, max(rank) AS lots FROM draw_entry
             WHERE draw_id = (SELECT draw_id FROM draw_entry WHERE id = p_entries[1]) GROUP BY draw_id) AS n
        ON n.draw_id = d.id
      LEFT JOIN booking b ON b.id = e.booking_id LEFT JOIN slot s ON s.id = b.slot_id
     WHERE e.id = ANY (p_entries) ORDER BY e.rank, e.id
    ON CONFLICT (key) DO NOTHING
$$;

-- Offer one lot its seats, to all of its people or to none. False where a person got a seat in another place meanwhile.
CREATE FUNCTION paspor.offer_lot(p_ids text[], p_slots bigint[], p_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
BEGIN
    FOR i IN 1 .. cardinality(p_ids) LOOP
        -- A seat that was planned and never released: released now, and into no other hand.
        UPDATE slot s SET seats = s.seats + 1, kept = s.kept + 1
         WHERE s.id = p_slots[i] AND s.kept <= reserved_seats(s.id) AND undrawn(s) > 0;
        SELECT offer_seat(e.number, p_slots[i], least(p_until, s.starts_at), 'draw/' || e.id) INTO v_booking
          FROM draw_entry e, slot s WHERE e.id = p_ids[i] AND s.id = p_slots[i];
        IF v_booking IS NULL THEN
            RAISE EXCEPTION 'not all of a lot can be offered a seat' USING ERRCODE = 'PD001';
        END IF;
        UPDATE draw_entry e SET outcome = 'won', booking_id = v_booking, day = s.day FROM slot s
         WHERE e.id = p_ids[i] AND s.id = p_slots[i] AND coalesce(e.outcome, 'not_drawn') = 'not_drawn';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'somebody of the lot has left' USING ERRCODE = 'PD001';
        END IF;
    END LOOP;
    PERFORM tell_drawn(p_ids);
    RETURN true;
EXCEPTION WHEN SQLSTATE 'PD001' THEN
    RETURN false;
END $$;

-- What a draw cannot give is for everybody: all of it when nobody is in line, and what was never given out and begins too
-- soon for an offer. What came back is not let go while somebody is in line, nor where another draw is announced.
CREATE FUNCTION paspor.release_undrawn(p_draw uuid, p_days date[], p_from timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_in_line boolean := EXISTS (SELECT 1 FROM draw_entry WHERE draw_id = p_draw
                                    AND coalesce(outcome, 'not_drawn') = 'not_drawn');
    v_slots bigint[];
BEGIN
    SELECT array_agg(s.id) INTO v_slots FROM draw d JOIN slot s ON s.office = d.office AND s.lane = d.lane
     WHERE d.id = p_draw AND s.day = ANY (p_days) AND s.starts_at > clock_timestamp()
       AND CASE WHEN v_in_line THEN undrawn(s) > 0 AND s.starts_at <= p_from
                ELSE undrawn(s) > 0 OR s.kept > reserved_seats(s.id) END
       AND NOT EXISTS (SELECT 1 FROM draw n WHERE n.office = d.office AND n.lane = d.lane AND n.opens_at > d.opens_at
                          AND n.state <> 'done' AND s.day BETWEEN n.first_day AND n.last_day);
    IF v_slots IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM slot s WHERE s.id = ANY (v_slots) ORDER BY s.id FOR NO KEY UPDATE;
    UPDATE slot s SET seats = s.seats + undrawn(s),
           kept = CASE WHEN v_in_line THEN s.kept ELSE least(s.kept, reserved_seats(s.id)) END
     WHERE s.id = ANY (v_slots);
END $$;

-- Offer the free seats of a drawn draw by rank, always from the first who is in line, to at most so many lots; how many
-- were offered some. One process at a time carries out a draw; another finds it locked, and nothing to do.
CREATE FUNCTION paspor.assign_draw(p_draw uuid, p_most int) RETURNS int
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    d record;
    l record;
    v_rule jsonb;
    v_from timestamptz;
    v_until timestamptz;
    v_days date[];
    v_slots bigint[];
    v_given int := 0;
    v_free boolean := true;
    v_told text[];
BEGIN
    SELECT w.*, o.time_zone INTO d FROM draw w JOIN office o ON o.id = w.office
     WHERE w.id = p_draw AND w.state = 'drawn';
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    v_rule := rule_value('draw', d.office, (clock_timestamp() AT TIME ZONE d.time_zone)::date);
    v_from := clock_timestamp() + make_interval(hours => (v_rule ->> 'notice_hours')::int);
    v_until := clock_timestamp() + make_interval(hours => (v_rule ->> 'offer_hours')::int);
    IF v_from IS NULL OR v_until IS NULL THEN
        RETURN 0;  -- the rule is waited for
    END IF;
    v_days := ARRAY(SELECT g::date FROM generate_series(d.first_day, d.last_day, '1 day') AS g
                     WHERE draw_of(d.office, d.lane, g::date) = d.id
                       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = d.office AND c.day = g::date));
    IF NOT EXISTS (SELECT 1 FROM draw_entry WHERE draw_id = d.id AND outcome IS NULL)
       AND draw_seats(d.office, d.lane, v_days, v_from, 1) IS NULL THEN
        -- Nothing is locked while nobody is to be told and nothing is free, since this is asked twice a second. It is over
        -- when nothing can come back in time any more.
        PERFORM release_undrawn(d.id, v_days, v_from);
        UPDATE draw SET state = 'done' WHERE id = d.id AND NOT EXISTS (
            SELECT 1 FROM slot s WHERE s.office = d.office AND s.lane = d.lane
               AND s.day BETWEEN d.first_day AND d.last_day AND s.starts_at > v_from);
        RETURN 0;
    END IF;
    PERFORM 1 FROM draw WHERE id = d.id AND state = 'drawn' FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    -- All at once and by id, as everybody does: the order of ranks would meet that of a rush.
    PERFORM 1 FROM slot s WHERE s.office = d.office AND s.lane = d.lane AND s.day = ANY (v_days)
        ORDER BY s.id FOR NO KEY UPDATE;
    FOR l IN
        SELECT e.rank, array_agg(e.id) AS ids, min(e.first_day) AS first_day, max(e.last_day) AS last_day,
               coalesce(array_agg(e.id ORDER BY e.number) FILTER (WHERE a.bookable AND NOT EXISTS (
                   SELECT 1 FROM booking b WHERE b.person_key = e.person_key
                      AND b.state IN ('offered', 'held', 'confirmed'))), '{}') AS able
          FROM draw_entry e JOIN application a ON a.number = e.number
         WHERE e.draw_id = d.id AND coalesce(e.outcome, 'not_drawn') = 'not_drawn'
         GROUP BY e.rank ORDER BY e.rank
    LOOP
        EXIT WHEN v_given >= p_most OR NOT v_free;
        v_slots := CASE WHEN cardinality(l.able) > 0 THEN draw_seats(d.office, d.lane, ARRAY(
            SELECT day FROM unnest(v_days) AS day WHERE day BETWEEN l.first_day AND l.last_day),
            v_from, cardinality(l.able)) END;
        -- Who has a seat by now, or an application that has none to want, is passed, and that stands in the list.
        IF v_slots IS NOT NULL OR cardinality(l.able) = 0 THEN
            UPDATE draw_entry e
               SET outcome = 'skipped', why = CASE WHEN a.bookable THEN 'holds_seat' ELSE 'not_bookable' END
              FROM application a WHERE e.id = ANY (l.ids) AND e.id <> ALL (l.able) AND a.number = e.number;
        END IF;
        IF v_slots IS NOT NULL AND offer_lot(l.able, v_slots, v_until) THEN
            v_given := v_given + 1;
            v_free := draw_seats(d.office, d.lane, v_days, v_from, 1) IS NOT NULL;
        END IF;
    END LOOP;
    IF v_given < p_most THEN
        -- Whoever has nothing by now finds nothing, and is in line for what comes back.
        WITH heard AS (
            UPDATE draw_entry e SET outcome = CASE WHEN n.able THEN 'not_drawn' ELSE 'skipped' END,
                   why = CASE WHEN n.able THEN '' WHEN n.bookable THEN 'holds_seat' ELSE 'not_bookable' END
              FROM (SELECT a.number, a.bookable, a.bookable AND NOT EXISTS (
                               SELECT 1 FROM booking b WHERE b.person_key = a.person_key
                                  AND b.state IN ('offered', 'held', 'confirmed')) AS able
                      FROM application a JOIN draw_entry w ON w.number = a.number
                     WHERE w.draw_id = d.id AND w.outcome IS NULL) AS n
             WHERE e.draw_id = d.id AND e.outcome IS NULL AND e.number = n.number
            RETURNING e.id, e.outcome)
        SELECT array_agg(id) FILTER (WHERE outcome = 'not_drawn') INTO v_told FROM heard;
        PERFORM tell_drawn(v_told);
        PERFORM release_undrawn(d.id, v_days, v_from);
    END IF;
    RETURN v_given;
END $$;
