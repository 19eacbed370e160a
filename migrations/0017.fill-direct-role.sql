-- Until now there were no other roles than those that people were given themselves.
-- transactional: false

UPDATE membership SET direct_role = role;
