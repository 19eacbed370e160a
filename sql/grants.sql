-- Who may call and read what. The service calls procedures and reads no table;
-- an analyst reads, a planner also changes. Nobody else gets anything. Loaded
-- last, since re-creating a procedure takes its grants along.

-- Only for the service.
GRANT EXECUTE ON PROCEDURE begin_import TO service;
GRANT EXECUTE ON PROCEDURE change_password TO service;
GRANT EXECUTE ON PROCEDURE create_api_key TO service;
GRANT EXECUTE ON PROCEDURE create_session TO service;
GRANT EXECUTE ON PROCEDURE create_user TO service;
GRANT EXECUTE ON PROCEDURE finish_import TO service;
GRANT EXECUTE ON PROCEDURE get_credentials TO service;
GRANT EXECUTE ON PROCEDURE get_schema_status TO service;
GRANT EXECUTE ON PROCEDURE list_revoked_sessions TO service;
GRANT EXECUTE ON PROCEDURE log_login_failure TO service;
GRANT EXECUTE ON PROCEDURE rotate_session TO service;
GRANT EXECUTE ON PROCEDURE stage_tasks TO service;
GRANT EXECUTE ON PROCEDURE use_api_key TO service;

-- Reading.
GRANT EXECUTE ON PROCEDURE explain_blocked TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE export_tasks TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE find_path TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_dependency_tree TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_effective_priority TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_impact TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_revision_as_of TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_task TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_task_graph TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_task_revision TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_tree_as_of TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_user TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_workspace_diff TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_workspace_graph TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE get_workspace_revision TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE help TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_api_keys TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_blocked_tasks TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_changes TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_claims TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_dependents TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_levels TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_members TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_organization_members TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_organizations TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_own_security_events TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_prerequisites TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_ready_tasks TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_redundant_dependencies TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_security_events TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_sessions TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_tasks TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_team_members TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_team_roles TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_teams TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE list_workspaces TO service, analyst, planner;
GRANT EXECUTE ON PROCEDURE verify_workspace TO service, analyst, planner;

-- Changing.
GRANT EXECUTE ON PROCEDURE add_dependency TO service, planner;
GRANT EXECUTE ON PROCEDURE add_team_member TO service, planner;
GRANT EXECUTE ON PROCEDURE apply_changes TO service, planner;
GRANT EXECUTE ON PROCEDURE cancel_task TO service, planner;
GRANT EXECUTE ON PROCEDURE claim_next_task TO service, planner;
GRANT EXECUTE ON PROCEDURE complete_claim TO service, planner;
GRANT EXECUTE ON PROCEDURE complete_task TO service, planner;
GRANT EXECUTE ON PROCEDURE create_organization TO service, planner;
GRANT EXECUTE ON PROCEDURE create_organization_workspace TO service, planner;
GRANT EXECUTE ON PROCEDURE create_task TO service, planner;
GRANT EXECUTE ON PROCEDURE create_team TO service, planner;
GRANT EXECUTE ON PROCEDURE create_workspace TO service, planner;
GRANT EXECUTE ON PROCEDURE delete_task TO service, planner;
GRANT EXECUTE ON PROCEDURE delete_team TO service, planner;
GRANT EXECUTE ON PROCEDURE rebuild_workspace TO service, planner;
GRANT EXECUTE ON PROCEDURE release_claim TO service, planner;
GRANT EXECUTE ON PROCEDURE release_expired_claims TO service, planner;
GRANT EXECUTE ON PROCEDURE remove_dependency TO service, planner;
GRANT EXECUTE ON PROCEDURE remove_member TO service, planner;
GRANT EXECUTE ON PROCEDURE remove_organization_member TO service, planner;
GRANT EXECUTE ON PROCEDURE remove_team_member TO service, planner;
GRANT EXECUTE ON PROCEDURE remove_team_role TO service, planner;
GRANT EXECUTE ON PROCEDURE renew_claim TO service, planner;
GRANT EXECUTE ON PROCEDURE reopen_task TO service, planner;
GRANT EXECUTE ON PROCEDURE revoke_api_key TO service, planner;
GRANT EXECUTE ON PROCEDURE revoke_session TO service, planner;
GRANT EXECUTE ON PROCEDURE revoke_sessions TO service, planner;
GRANT EXECUTE ON PROCEDURE set_member TO service, planner;
GRANT EXECUTE ON PROCEDURE set_organization_member TO service, planner;
GRANT EXECUTE ON PROCEDURE set_team_role TO service, planner;
GRANT EXECUTE ON PROCEDURE set_time_zone TO service, planner;
GRANT EXECUTE ON PROCEDURE start_task TO service, planner;
GRANT EXECUTE ON PROCEDURE transfer_organization TO service, planner;
GRANT EXECUTE ON PROCEDURE transfer_workspace TO service, planner;
GRANT EXECUTE ON PROCEDURE update_task TO service, planner;

-- Views show a login the workspaces of its user and no others.
GRANT SELECT ON blocked_task TO analyst, planner;
GRANT SELECT ON procedure_help TO analyst, planner;
GRANT SELECT ON ready_task TO analyst, planner;
GRANT SELECT ON visible_change TO analyst, planner;
GRANT SELECT ON visible_dependency TO analyst, planner;
GRANT SELECT ON visible_membership TO analyst, planner;
GRANT SELECT ON visible_tag TO analyst, planner;
GRANT SELECT ON visible_task TO analyst, planner;
GRANT SELECT ON visible_workspace TO analyst, planner;
