"""Number every change of a paper in the order of visibility, and tell followers.

Without a lock, transactions that commit out of order would let a follower skip rows: it reads past
number 8 while the writer of 7 has not committed. So the first write of a transaction takes an
advisory lock that is held until its end, and numbers become visible in order.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE papers_change_seq;

-- 7070001 is the lock of everyone who changes what pages show.
CREATE FUNCTION papers_lock_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7070001);
    RETURN NULL;
END $$;

CREATE FUNCTION papers_number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.change_seq := nextval('papers_change_seq');
    RETURN NEW;
END $$;

CREATE FUNCTION papers_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Papers are hidden, never deleted: set hidden on paper %', OLD.identifier;
END $$;

CREATE FUNCTION papers_announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE papers_installation SET generation = generation + 1;
    NOTIFY papers_changed;
    RETURN NULL;
END $$;

CREATE FUNCTION papers_day_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE papers_installation SET generation = generation + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER a_lock_changes BEFORE INSERT OR UPDATE ON papers_paper
    FOR EACH STATEMENT EXECUTE FUNCTION papers_lock_changes();
CREATE TRIGGER number_insert BEFORE INSERT ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_number_change();
CREATE TRIGGER number_update BEFORE UPDATE ON papers_paper
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION papers_number_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_refuse_delete();
CREATE TRIGGER z_announce_change AFTER INSERT OR UPDATE ON papers_paper
    FOR EACH STATEMENT EXECUTE FUNCTION papers_announce_change();

CREATE TRIGGER a_lock_changes BEFORE INSERT OR UPDATE OR DELETE ON papers_announcedday
    FOR EACH STATEMENT EXECUTE FUNCTION papers_lock_changes();
CREATE TRIGGER z_day_changed AFTER INSERT OR UPDATE OR DELETE ON papers_announcedday
    FOR EACH STATEMENT EXECUTE FUNCTION papers_day_changed();
"""

BACKWARD = """
DROP TRIGGER a_lock_changes ON papers_announcedday;
DROP TRIGGER z_day_changed ON papers_announcedday;
DROP TRIGGER a_lock_changes ON papers_paper;
DROP TRIGGER number_insert ON papers_paper;
DROP TRIGGER number_update ON papers_paper;
DROP TRIGGER refuse_delete ON papers_paper;
DROP TRIGGER z_announce_change ON papers_paper;
DROP FUNCTION papers_day_changed();
DROP FUNCTION papers_announce_change();
DROP FUNCTION papers_refuse_delete();
DROP FUNCTION papers_number_change();
DROP FUNCTION papers_lock_changes();
DROP SEQUENCE papers_change_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
