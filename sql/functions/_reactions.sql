CREATE FUNCTION _reactions (
    p_workspace_id BIGINT UNSIGNED,
    p_comment_id   BIGINT UNSIGNED
)
    RETURNS JSON
    COMMENT '
Say how people reacted to a comment.

Parameters
  p_workspace_id  the workspace of the comment
  p_comment_id    the comment

Result
  an array of objects: kind, emoji, user_ids
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT('kind', kind, 'emoji', emoji, 'user_ids', user_ids)), JSON_ARRAY())
      FROM (SELECT /*+ JOIN_FIXED_ORDER() */ reaction_kind.kind, reaction_kind.emoji, JSON_ARRAYAGG(reaction.user_id) AS user_ids
              FROM reaction
              JOIN reaction_kind ON reaction_kind.kind = reaction.kind
             WHERE reaction.workspace_id = p_workspace_id AND reaction.comment_id = p_comment_id
             GROUP BY reaction_kind.kind, reaction_kind.emoji, reaction_kind.sort_order
             ORDER BY reaction_kind.sort_order
             LIMIT 1000) AS ordered)
