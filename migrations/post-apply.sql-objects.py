"""After a plain `yoyo apply`: bring what is in the database in line with sql/."""

from yoyo import step

from service.database.migrate import synchronise

__transactional__ = False

step(lambda connection: synchronise(connection))
