ALTER TABLE "travel" ADD COLUMN "from_id" text GENERATED ALWAYS AS ((body ->> 'from')) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "travel" ADD COLUMN "to_id" text GENERATED ALWAYS AS ((body ->> 'to')) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "movement_by_telling" ON "movement" USING btree ("book","recorded_at");--> statement-breakpoint
ALTER TABLE "travel" ADD CONSTRAINT "travel_stands_once" UNIQUE("from_id","to_id");--> statement-breakpoint
create view integrity_picture as
  select 'journeyStandsOnce' as rule, from_id || ' ' || to_id as subject, count(*)::text as found, '1' as expected
  from travel group by from_id, to_id having count(*) > 1
  union all select 'idMeansOneThing', p.id, 'a unit and a place', 'one of them' from place p join reporting_unit u on u.id = p.id
  union all select 'recordedInOrder', v.kind || ' ' || v.id || ' ' || n.version, n.recorded_at::text, '>= ' || v.recorded_at
  from record_version v join record_version n on n.kind = v.kind and n.id = v.id and n.version = v.version + 1
  where n.recorded_at < v.recorded_at;
--> statement-breakpoint
create or replace view integrity as
  select * from integrity_store union all select * from integrity_access union all select * from integrity_picture;
