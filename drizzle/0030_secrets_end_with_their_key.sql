-- The newest secret of a key ends when its key does, which the record says alone. Programs of before take one without an end as well.
update api_key_secret s set ends_at = 'infinity' where not exists (
  select from api_key_secret n where n.api_key = s.api_key and (n.made_at, n.hash) > (s.made_at, s.hash)
);
