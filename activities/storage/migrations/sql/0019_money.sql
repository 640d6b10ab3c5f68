-- One receipt, one outcome: it is entered once, goes from a lost seat to what came of that, and is decided on once.

CREATE FUNCTION paspor.guard_receipt() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    IF (NEW.receipt_no, NEW.bill_code, NEW.number, NEW.amount, NEW.paid_at, NEW.recorded_at)
       IS DISTINCT FROM (OLD.receipt_no, OLD.bill_code, OLD.number, OLD.amount, OLD.paid_at, OLD.recorded_at)
       OR OLD.decided IS NOT NULL
       OR (OLD.cause <> 'seat_lost' AND (NEW.cause, NEW.excess, NEW.says, NEW.rule)
           IS DISTINCT FROM (OLD.cause, OLD.excess, OLD.says, OLD.rule)) THEN
        RAISE EXCEPTION 'a receipt has one outcome' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER one_outcome BEFORE UPDATE ON paspor.payment_case
    FOR EACH ROW EXECUTE FUNCTION paspor.guard_receipt();
CREATE TRIGGER no_change BEFORE DELETE ON paspor.payment_case
    FOR EACH ROW EXECUTE FUNCTION paspor.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON paspor.payment_case
    FOR EACH STATEMENT EXECUTE FUNCTION paspor.refuse_change();

-- A payment that no case takes is not laid aside before its outcome is entered.
CREATE FUNCTION paspor.left_over_has_outcome() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM payment_case WHERE receipt_no = NEW.body ->> 'receipt_no') THEN
        RAISE EXCEPTION 'a payment without an outcome' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER outcome_first BEFORE INSERT OR UPDATE OF left_over_at ON paspor.inbox FOR EACH ROW
    WHEN (NEW.sender = 'billing' AND NEW.left_over_at IS NOT NULL) EXECUTE FUNCTION paspor.left_over_has_outcome();

-- Enter what became of a receipt. The first entry stays, but for a seat that was lost: another one, or none, follows it.
CREATE FUNCTION paspor.enter_receipt(
    p_receipt text, p_bill text, p_number text, p_amount bigint, p_paid_at timestamptz, p_outcome text, p_cause text,
    p_excess bigint, p_says text, p_rule text, p_choose_by timestamptz
) RETURNS boolean LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    INSERT INTO payment_case AS known
           (receipt_no, bill_code, number, amount, paid_at, outcome, cause, excess, says, rule, choose_by)
    VALUES (p_receipt, p_bill, p_number, p_amount, p_paid_at, p_outcome, p_cause, p_excess, p_says, p_rule, p_choose_by)
    ON CONFLICT (receipt_no) DO UPDATE
       SET outcome = excluded.outcome, cause = excluded.cause, excess = excluded.excess, says = excluded.says,
           rule = excluded.rule, choose_by = excluded.choose_by
     WHERE known.cause = 'seat_lost' AND known.number = excluded.number AND known.bill_code = excluded.bill_code;
    RETURN FOUND;
END $$;

-- An officer decides on money that bought no seat: as the rule says at once, against it as the second of two.
-- Answers: settled, proposed (a second officer has to agree), same_officer, decided_already, not_found.
CREATE FUNCTION paspor.decide_receipt(
    p_receipt text, p_office text, p_decision text, p_reason text, p_officer text
) RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    r record;
BEGIN
    SELECT c.*, a.office INTO r FROM payment_case c LEFT JOIN application a ON a.number = c.number
     WHERE c.receipt_no = p_receipt FOR UPDATE OF c;
    IF NOT FOUND OR r.says IS NULL OR coalesce(r.office, p_office) <> p_office THEN
        RETURN 'not_found';
    ELSIF r.state <> 'open' THEN
        RETURN 'decided_already';
    ELSIF p_decision <> r.says AND r.proposed_by = '' THEN
        UPDATE payment_case SET proposed_by = p_officer, proposed_reason = p_reason WHERE receipt_no = p_receipt;
        RETURN 'proposed';
    ELSIF p_decision <> r.says AND r.proposed_by = p_officer THEN
        RETURN 'same_officer';
    END IF;
    UPDATE payment_case
       SET decided = p_decision, decided_by = p_officer, decided_at = clock_timestamp(), reason = p_reason,
           outcome = CASE WHEN outcome IN ('same_seat', 'another_seat') THEN outcome ELSE p_decision END
     WHERE receipt_no = p_receipt;
    RETURN 'settled';
END $$;

-- Payments that a case was told of, this long ago, without an outcome: none, or somebody wrote past the procedure.
CREATE FUNCTION paspor.receipts_without_outcome(p_age interval) RETURNS TABLE (receipt_no text, bill_code text)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT DISTINCT m.body ->> 'receipt_no', m.body ->> 'bill_code' FROM inbox m
     WHERE m.sender = 'billing' AND m.delivered_at < clock_timestamp() - p_age
       AND NOT EXISTS (SELECT FROM payment_case c WHERE c.receipt_no = m.body ->> 'receipt_no')
$$;
