"""The whole API on one screen.

`calls` names the stored procedure behind an operation: its header documents the
operation and lists the errors that it may answer. Every path is served with and
without a slash at its end.
"""

from service.admission.auth import STREAM_PATH
from service.handlers import (
    activity,
    api_keys,
    attachments,
    changes,
    claims,
    comments,
    dependencies,
    graph,
    history,
    invitations,
    live,
    members,
    meta,
    notifications,
    organizations,
    pictures,
    questions,
    searches,
    security,
    sessions,
    tasks,
    teams,
    users,
    workspaces,
)
from service.http.route import CLOCK, PAST, PEOPLE, REVISION, Download, Media, Route, Stream
from service.schemas.activity import ActivityPage, ActivityQuery
from service.schemas.api_keys import ApiKeys, CreatedApiKey, NewApiKey, RevokedApiKey
from service.schemas.attachments import (
    Attachment,
    AttachmentPage,
    AttachmentsQuery,
    AttachmentVersionPage,
    BegunUpload,
    DeletedAttachment,
    DownloadHeaders,
    DownloadQuery,
    Link,
    LinkQuery,
    NewUpload,
    PreviewHeaders,
    UploadHeaders,
    WrittenUpload,
)
from service.schemas.changes import ChangeReport, Changes, IdempotencyHeader, PreviewQuery
from service.schemas.claims import ClaimedTask, ClaimPage, Fence, FenceQuery, NewClaim, Renewal, RenewedClaim
from service.schemas.comments import (
    Comment,
    CommentList,
    CommentsQuery,
    CommentVersions,
    DeletedComment,
    FormatQuery,
    NewComment,
    Reactions,
)
from service.schemas.dependencies import (
    DeletedDependency,
    Dependency,
    NewDependency,
    RelatedQuery,
    Tree,
    TreeQuery,
)
from service.schemas.graph import (
    GraphQuery,
    Levels,
    LevelsQuery,
    RedundantDependencyPage,
    RedundantQuery,
    TaskGraphQuery,
)
from service.schemas.history import (
    ChangeList,
    ChangesQuery,
    LastEvent,
    PastTree,
    PastTreeQuery,
    StreamQuery,
    Ticket,
    WaitQuery,
    WorkspaceDiff,
    WorkspaceDiffQuery,
)
from service.schemas.invitations import (
    AcceptedInvitation,
    Invitations,
    InvitationToken,
    MadeInvitation,
    NewInvitation,
    RevokedInvitation,
)
from service.schemas.members import (
    Members,
    NewOwner,
    NewRole,
    RemovedMember,
    RemovedTeamRole,
    SetMember,
    TeamRole,
    TeamRoles,
)
from service.schemas.meta import Index, Status
from service.schemas.notifications import (
    Marked,
    NewPreference,
    Notification,
    NotificationMark,
    NotificationPage,
    NotificationQuery,
    Preference,
    Preferences,
    ReadMark,
    TaskWatch,
)
from service.schemas.organizations import (
    ChangedTeamMember,
    DeletedOrganization,
    DeletedTeam,
    NewOrganization,
    NewTeam,
    Organization,
    OrganizationMembers,
    Organizations,
    RemovedOrganizationMember,
    SetOrganizationMember,
    Team,
    TeamMembers,
    Teams,
)
from service.schemas.questions import Blockers, EffectivePriority, Impact, Path, PathQuery
from service.schemas.searches import DeletedSearch, NewSearch, SavedSearch, SavedSearches, SearchFields
from service.schemas.sessions import PageQuery, Refresh, Revoked, SecurityEventPage, Sessions, Token
from service.schemas.tasks import (
    CascadeQuery,
    DeletedTask,
    DeleteQuery,
    Facets,
    FilterQuery,
    FoundQuery,
    NewTask,
    QueuedTaskPage,
    QueueQuery,
    ReadyQuery,
    ReadyTaskPage,
    RelatedTaskPage,
    SimilarTasks,
    SuggestedTags,
    Task,
    TaskChanges,
    TaskListQuery,
    TaskMatch,
    TaskPage,
    TaskReplacement,
    TextQuery,
    WorkspaceQuery,
)
from service.schemas.users import (
    ConfirmedEmail,
    EmailToken,
    Login,
    NewUser,
    NewWorkspace,
    OneClick,
    PasswordChange,
    Unsubscribed,
    UnsubscribeQuery,
    User,
    UserChanges,
    Workspace,
    Workspaces,
)

INBOX = "/api/v1/users/me/notifications"
SESSION = r"/api/v1/users/me/sessions/{session_id:[0-9]+}"
DOT = Media("text/vnd.graphviz", "graph.dot", "digraph tasks { t3 -> t7 }")
EVENTS = Stream("text/event-stream", "", 'id: 43\nevent: change\ndata: {"revision": 43}\n\n')
FILE = Download("application/octet-stream", "", "Every byte counts.")
MERMAID = Media("text/plain", "graph.mermaid", "flowchart LR\n    t3 --> t7")
PREVIEW = Media("image/webp", "preview.webp", "RIFF....WEBP")
SVG = Media("image/svg+xml", "graph.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')

TASK = r"/api/v1/tasks/{task_id:[0-9]+}"
SEARCH = r"/api/v1/searches/{search_id:[0-9]+}"
WORKSPACE = r"/api/v1/workspaces/{workspace_id:[0-9]+}"
KEY = WORKSPACE + r"/api-keys/{api_key_id:[0-9]+}"
ATTACHMENT = TASK + r"/attachments/{attachment_id:[0-9]+}"
REACTION = "/reactions/{kind:[^/]+}"
COMMENT = TASK + r"/comments/{comment_id:[0-9]+}"
EDGE = TASK + r"/dependencies/{depends_on_id:[0-9]+}"

# What apply_changes takes, and room for how people write JSON.
MANY_CHANGES = 20 * 1024 * 1024

ORGANIZATION = r"/api/v1/organizations/{organization_id:[0-9]+}"
TEAM = r"/teams/{team_id:[0-9]+}"
MEMBER = r"/members/{username:[^/]+}"
# fmt: off
ROUTES = [
    Route("GET", "/", meta.index, None, Index, public=True),
    Route("GET", "/api/status", meta.status, None, Status, status=meta.http_status, public=True),

    Route("POST", "/api/v1/users", users.register, "create_user",
          User, NewUser, status=201, public=True, costly=True),
    Route("POST", "/api/v1/users/login", users.login, None,
          Token, Login, form=True, public=True, costly=True),
    Route("POST", "/api/v1/users/refresh", sessions.refresh, "rotate_session", Token, Refresh, public=True),
    Route("POST", "/api/v1/users/logout", sessions.logout, "revoke_session", Revoked),
    Route("GET", "/api/v1/users/me", users.me, "get_user", User, follows=PEOPLE),
    Route("PATCH", "/api/v1/users/me", users.change_me, "update_user", User, UserChanges),
    Route("POST", "/api/v1/users/me/email/confirmation", users.request_confirmation,
          "request_email_confirmation", User),
    Route("POST", "/api/v1/users/confirm-email", users.confirm_email, "confirm_email",
          ConfirmedEmail, EmailToken, public=True),
    Route("POST", "/api/v1/users/unsubscribe", users.unsubscribe, "stop_mail",
          Unsubscribed, OneClick, UnsubscribeQuery, form=True, public=True),
    Route("POST", "/api/v1/users/me/password", users.change_password, "change_password",
          Revoked, PasswordChange, costly=True),
    Route("GET", "/api/v1/users/me/sessions", sessions.mine, "list_sessions", Sessions, follows=PEOPLE),
    Route("DELETE", "/api/v1/users/me/sessions", sessions.revoke_all, "revoke_sessions", Revoked),
    Route("DELETE", SESSION, sessions.revoke, "revoke_session", Revoked),
    Route("GET", "/api/v1/users/me/security-events", security.mine, "list_own_security_events",
          SecurityEventPage, query=PageQuery, follows=PEOPLE),
    Route("GET", INBOX, notifications.inbox, "list_notifications",
          NotificationPage, query=NotificationQuery, follows=PEOPLE),
    Route("POST", INBOX + "/read", notifications.mark_read, "mark_notifications_read", Marked, ReadMark),
    Route("PATCH", INBOX + r"/{notification_id:[0-9]+}", notifications.mark, "mark_notification",
          Notification, NotificationMark),
    Route("GET", "/api/v1/users/me/notification-preferences", notifications.preferences,
          "list_notification_preferences", Preferences, follows=PEOPLE),
    Route("PUT", "/api/v1/users/me/notification-preferences", notifications.prefer,
          "set_notification_preference", Preference, NewPreference),

    Route("GET", "/api/v1/workspaces", workspaces.mine, "list_workspaces", Workspaces, follows=PEOPLE),
    Route("POST", "/api/v1/workspaces", workspaces.create, "create_workspace",
          Workspace, NewWorkspace, status=201),
    Route("PATCH", WORKSPACE, workspaces.rename, "rename_workspace", Workspace, NewWorkspace),
    Route("GET", WORKSPACE + "/changes", history.changes, "list_changes",
          ChangeList, query=ChangesQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/api-keys", api_keys.of_workspace, "list_api_keys", ApiKeys, follows=PEOPLE),
    Route("POST", WORKSPACE + "/api-keys", api_keys.create, "create_api_key",
          CreatedApiKey, NewApiKey, status=201),
    Route("DELETE", KEY, api_keys.revoke, "revoke_api_key", RevokedApiKey),
    Route("GET", WORKSPACE + "/diff", history.difference, "get_workspace_diff",
          WorkspaceDiff, query=WorkspaceDiffQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/security-events", security.of_workspace, "list_security_events",
          SecurityEventPage, query=PageQuery, follows=PEOPLE),
    Route("PUT", WORKSPACE + "/notification-preferences", notifications.prefer_here,
          "set_notification_preference", Preference, NewPreference),
    Route("GET", WORKSPACE + "/levels", graph.levels, "list_levels",
          Levels, query=LevelsQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/redundant-dependencies", graph.redundant, "list_redundant_dependencies",
          RedundantDependencyPage, query=RedundantQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/graph.dot", pictures.workspace_dot, "get_workspace_graph",
          DOT, query=GraphQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/graph.mermaid", pictures.workspace_mermaid, "get_workspace_graph",
          MERMAID, query=GraphQuery, follows=REVISION),
    Route("GET", WORKSPACE + "/graph.svg", pictures.workspace_svg, "get_workspace_graph",
          SVG, query=GraphQuery, follows=REVISION),

    Route("GET", WORKSPACE + "/members", members.members, "list_members", Members, follows=PEOPLE),
    Route("PUT", WORKSPACE + MEMBER, members.set_one, "set_member", SetMember, NewRole),
    Route("DELETE", WORKSPACE + MEMBER, members.remove, "remove_member", RemovedMember),
    Route("PUT", WORKSPACE + "/owner", members.transfer, "transfer_workspace", SetMember, NewOwner),
    Route("GET", WORKSPACE + "/teams", members.teams, "list_team_roles", TeamRoles, follows=PEOPLE),
    Route("PUT", WORKSPACE + TEAM, members.set_team, "set_team_role", TeamRole, NewRole),
    Route("DELETE", WORKSPACE + TEAM, members.remove_team, "remove_team_role", RemovedTeamRole),

    Route("GET", "/api/v1/organizations", organizations.mine, "list_organizations",
          Organizations, follows=PEOPLE),
    Route("POST", "/api/v1/organizations", organizations.create, "create_organization",
          Organization, NewOrganization, status=201),
    Route("PATCH", ORGANIZATION, organizations.rename, "rename_organization", Organization, NewOrganization),
    Route("DELETE", ORGANIZATION, organizations.delete, "delete_organization", DeletedOrganization),
    Route("GET", ORGANIZATION + "/members", organizations.members, "list_organization_members",
          OrganizationMembers, follows=PEOPLE),
    Route("PUT", ORGANIZATION + MEMBER, organizations.set_member, "set_organization_member",
          SetOrganizationMember, NewRole),
    Route("DELETE", ORGANIZATION + MEMBER, organizations.remove_member, "remove_organization_member",
          RemovedOrganizationMember),
    Route("PUT", ORGANIZATION + "/owner", organizations.transfer, "transfer_organization",
          SetOrganizationMember, NewOwner),
    Route("POST", ORGANIZATION + "/workspaces", organizations.create_workspace,
          "create_organization_workspace", Workspace, NewWorkspace, status=201),
    Route("PUT", ORGANIZATION + r"/workspaces/{workspace_id:[0-9]+}", workspaces.move, "move_workspace",
          Workspace),
    Route("GET", ORGANIZATION + "/teams", teams.of_organization, "list_teams", Teams, follows=PEOPLE),
    Route("POST", ORGANIZATION + "/teams", teams.create, "create_team", Team, NewTeam, status=201),
    Route("DELETE", "/api/v1" + TEAM, teams.delete, "delete_team", DeletedTeam),
    Route("GET", "/api/v1" + TEAM + "/members", teams.members, "list_team_members",
          TeamMembers, follows=PEOPLE),
    Route("PUT", "/api/v1" + TEAM + MEMBER, teams.add_member, "add_team_member", ChangedTeamMember),
    Route("DELETE", "/api/v1" + TEAM + MEMBER, teams.remove_member, "remove_team_member", ChangedTeamMember),

    Route("POST", WORKSPACE + "/invitations", invitations.to_workspace, "invite_to_workspace",
          MadeInvitation, NewInvitation, status=201),
    Route("GET", WORKSPACE + "/invitations", invitations.of_workspace, "list_workspace_invitations",
          Invitations, follows=PEOPLE),
    Route("POST", ORGANIZATION + "/invitations", invitations.to_organization, "invite_to_organization",
          MadeInvitation, NewInvitation, status=201),
    Route("GET", ORGANIZATION + "/invitations", invitations.of_organization, "list_organization_invitations",
          Invitations, follows=PEOPLE),
    Route("DELETE", r"/api/v1/invitations/{invitation_id:[0-9]+}", invitations.revoke, "revoke_invitation",
          RevokedInvitation),
    Route("POST", "/api/v1/invitations/accept", invitations.accept, "accept_invitation",
          AcceptedInvitation, InvitationToken),

    Route("GET", "/api/v1/tasks", tasks.search, "list_tasks",
          TaskPage, query=TaskListQuery, follows=REVISION, is_table=True),
    Route("POST", "/api/v1/tasks", tasks.create, "create_task", Task, NewTask, status=201),
    Route("GET", "/api/v1/tasks/facets", tasks.facets, "get_facets",
          Facets, query=FilterQuery, follows=REVISION),
    Route("GET", "/api/v1/tasks/similar", tasks.similar, "find_similar_tasks",
          SimilarTasks, query=TextQuery, follows=REVISION),
    Route("GET", "/api/v1/tags/suggestions", tasks.suggested_tags, "suggest_tags",
          SuggestedTags, query=TextQuery, follows=REVISION),
    Route("GET", "/api/v1/tasks/ready", tasks.ready, "list_ready_tasks",
          ReadyTaskPage, query=ReadyQuery, follows=REVISION),
    Route("GET", "/api/v1/tasks/blocked", tasks.blocked, "list_blocked_tasks",
          QueuedTaskPage, query=QueueQuery, follows=REVISION),
    Route("GET", TASK, tasks.show, "get_task", Task, follows=REVISION),
    Route("PUT", TASK, tasks.update, "update_task", Task, TaskReplacement, CascadeQuery, TaskMatch),
    Route("PATCH", TASK, tasks.update, "update_task", Task, TaskChanges, CascadeQuery, TaskMatch),
    Route("DELETE", TASK, tasks.delete, "delete_task", DeletedTask, query=DeleteQuery),

    Route("GET", "/api/v1/searches", searches.of_workspace, "list_saved_searches",
          SavedSearches, query=WorkspaceQuery, follows=CLOCK),
    Route("POST", "/api/v1/searches", searches.create, "create_saved_search",
          SavedSearch, NewSearch, status=201),
    Route("GET", SEARCH, searches.show, "get_saved_search", SavedSearch, follows=CLOCK),
    Route("PUT", SEARCH, searches.update, "update_saved_search", SavedSearch, SearchFields),
    Route("DELETE", SEARCH, searches.delete, "delete_saved_search", DeletedSearch),
    Route("GET", SEARCH + "/tasks", searches.found, "get_saved_search",
          TaskPage, query=FoundQuery, follows=CLOCK, is_table=True),

    Route("GET", TASK + "/watch", notifications.watched, "get_task_watch", TaskWatch, follows=PEOPLE),
    Route("PUT", TASK + "/watch", notifications.watch, "watch_task", TaskWatch),
    Route("PUT", TASK + "/mute", notifications.mute, "mute_task", TaskWatch),
    Route("DELETE", TASK + "/watch", notifications.unwatch, "unwatch_task", TaskWatch),

    Route("POST", TASK + "/dependencies", dependencies.add, "add_dependency",
          Dependency, NewDependency, status=201),
    Route("DELETE", EDGE, dependencies.remove, "remove_dependency", DeletedDependency),
    Route("GET", TASK + "/dependencies", dependencies.prerequisites, "list_prerequisites",
          RelatedTaskPage, query=RelatedQuery, follows=REVISION),
    Route("GET", TASK + "/dependents", dependencies.dependents, "list_dependents",
          RelatedTaskPage, query=RelatedQuery, follows=REVISION),
    Route("GET", TASK + "/tree", dependencies.tree, "get_dependency_tree",
          Tree, query=TreeQuery, follows=REVISION),
    Route("GET", TASK + "/graph.dot", pictures.task_dot, "get_task_graph",
          DOT, query=TaskGraphQuery, follows=REVISION),
    Route("GET", TASK + "/graph.mermaid", pictures.task_mermaid, "get_task_graph",
          MERMAID, query=TaskGraphQuery, follows=REVISION),
    Route("GET", TASK + "/graph.svg", pictures.task_svg, "get_task_graph",
          SVG, query=TaskGraphQuery, follows=REVISION),
    Route("GET", TASK + "/tree/as-of", history.tree, "get_tree_as_of",
          PastTree, query=PastTreeQuery, follows=PAST),

    Route("POST", TASK + "/attachments", attachments.upload, "begin_upload",
          Attachment, headers=UploadHeaders, status=201, takes_file=True, takes_turn=False),
    Route("POST", TASK + "/uploads", attachments.begin_direct, "begin_upload",
          BegunUpload, NewUpload, status=201, takes_turn=False),
    Route("POST", TASK + r"/uploads/{upload_id:[0-9]+}/finish", attachments.finish_direct, "take_upload",
          Attachment, WrittenUpload, status=201, takes_turn=False),
    Route("GET", TASK + "/attachments", attachments.of_task, "list_attachments",
          AttachmentPage, query=AttachmentsQuery, follows=REVISION),
    Route("GET", ATTACHMENT, attachments.show, "get_attachment", Attachment, follows=REVISION),
    Route("DELETE", ATTACHMENT, attachments.delete, "delete_attachment", DeletedAttachment),
    Route("GET", ATTACHMENT + "/versions", attachments.versions, "list_attachment_versions",
          AttachmentVersionPage, query=AttachmentsQuery, follows=REVISION),
    Route("GET", ATTACHMENT + "/content", attachments.download, "get_attachment_file",
          FILE, query=DownloadQuery, headers=DownloadHeaders, follows=CLOCK),
    Route("GET", ATTACHMENT + "/preview", attachments.preview, "get_attachment_file",
          PREVIEW, query=LinkQuery, headers=PreviewHeaders, follows=CLOCK),
    Route("GET", ATTACHMENT + "/link", attachments.link, "get_attachment_file",
          Link, query=LinkQuery, follows=CLOCK),
    Route("GET", TASK + "/comments", comments.listed, "list_comments",
          CommentList, query=CommentsQuery, follows=REVISION),
    Route("POST", TASK + "/comments", comments.create, "create_comment", Comment, NewComment, status=201),
    Route("GET", COMMENT, comments.show, "get_comment", Comment, query=FormatQuery, follows=REVISION),
    Route("PATCH", COMMENT, comments.update, "update_comment", Comment, NewComment),
    Route("DELETE", COMMENT, comments.delete, "delete_comment", DeletedComment),
    Route("GET", COMMENT + "/versions", comments.versions, "list_comment_versions",
          CommentVersions, follows=REVISION),
    Route("PUT", COMMENT + REACTION, comments.react, "add_reaction", Reactions),
    Route("DELETE", COMMENT + REACTION, comments.take_back, "remove_reaction", Reactions),
    Route("GET", TASK + "/activity", activity.of_task, "list_activity",
          ActivityPage, query=ActivityQuery, follows=REVISION),

    # How long something blocks.
    Route("GET", TASK + "/blockers", questions.blockers, "explain_blocked", Blockers, follows=CLOCK),
    Route("GET", TASK + "/impact", questions.impact, "get_impact", Impact, follows=REVISION),
    Route("GET", TASK + "/path", questions.path, "find_path", Path, query=PathQuery, follows=REVISION),
    Route("GET", TASK + "/effective-priority", questions.effective_priority, "get_effective_priority",
          EffectivePriority, follows=REVISION),
    Route("POST", "/api/v1/claims", claims.claim, "claim_next_task", ClaimedTask, NewClaim, status=201),
    # A lease is renewed without a revision.
    Route("GET", "/api/v1/claims", claims.all_claims, "list_claims",
          ClaimPage, query=QueueQuery, follows=CLOCK),
    Route("DELETE", TASK + "/claim", claims.release, "release_claim", Task, query=FenceQuery),
    Route("POST", TASK + "/claim/renew", claims.renew, "renew_claim", RenewedClaim, Renewal),
    Route("POST", TASK + "/claim/complete", claims.complete, "complete_claim", Task, Fence),

    Route("GET", "/api/v1/changes", live.wait, "list_changes", ChangeList, query=WaitQuery, follows=CLOCK),
    Route("GET", STREAM_PATH, live.stream, "list_changes", EVENTS, query=StreamQuery, headers=LastEvent,
          follows=CLOCK),
    Route("POST", "/api/v1/changes/tickets", live.ticket, None, Ticket, status=201),
    Route("POST", "/api/v1/changes", changes.apply, "apply_changes", ChangeReport, Changes, PreviewQuery,
          IdempotencyHeader, largest_body=MANY_CHANGES),
]
# fmt: on
