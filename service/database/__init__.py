"""The schema's own keeper: migrations, the objects of sql/, grants and accounts.

migrate      up, down, status: what `headgate migrate` and the tests call
difference   what `headgate migrate check` finds
migrations   numbered files, through yoyo            (migrations/)
reference    rows that are words of the rules        (sql/reference/)
objects      procedures, views and triggers          (sql/)
definition   what the server holds, as checksums
grants       rights of the three roles               (sql/grants.sql)
accounts     SQL logins and who they speak for
fitness      one sentence about a server that will not do
connection   URLs and connections
"""
