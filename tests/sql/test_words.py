"""The words that tasks use (status, priority) keep their meaning, whoever owns their tables."""

import pytest
from pymysql.err import MySQLError

from service.errors import BY_CODE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE task_status SET is_open = FALSE WHERE status = 'pending'",
        "UPDATE task_status SET status = 'waiting' WHERE status = 'pending'",
        "DELETE FROM task_status WHERE status = 'pending'",
        "UPDATE task_priority SET sort_order = 9 WHERE priority = 'medium'",
        "UPDATE task_priority SET priority = 'normal' WHERE priority = 'medium'",
        "DELETE FROM task_priority WHERE priority = 'medium'",
    ],
)
def test_a_word_that_tasks_use_cannot_be_changed(owner, tasks, statement):
    tasks("pending and medium")

    with owner.cursor() as cursor:
        cursor.execute("SET SESSION foreign_key_checks = 0")
        with pytest.raises(MySQLError) as refusal:
            cursor.execute(statement)

    assert refusal.value.args[0] & 0xFFFF == BY_CODE["reference_in_use"].errno


def test_a_description_may_be_reworded(owner, tasks):
    tasks("pending and medium")

    with owner.cursor() as cursor:
        cursor.execute("UPDATE task_status SET description = description WHERE status = 'pending'")
        cursor.execute("START TRANSACTION")
        changed = cursor.execute("UPDATE task_status SET description = 'not begun' WHERE status = 'pending'")
        cursor.execute("ROLLBACK")

    assert changed == 1
