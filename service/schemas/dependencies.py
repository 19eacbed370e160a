"""Dependencies: edges of the graph, their neighbourhood and trees of them."""

from typing import Any

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Moment, identifier, like, page
from service.schemas.tasks import RelatedTask


class NewDependency(Schema):
    depends_on_id = identifier(required=True, metadata=like(3, "the task to wait for"))


class DeletedDependency(Schema):
    workspace_id = fields.Integer(required=True, metadata=like(1))
    task_id = fields.Integer(required=True, metadata=like(7, "the task that waited"))
    depends_on_id = fields.Integer(required=True, metadata=like(3))
    revision = fields.Integer(required=True, metadata=like(43))


class Dependency(DeletedDependency):
    created_by = fields.Integer(required=True, allow_none=True, metadata=like(1))
    created_at = Moment(required=True, metadata=like(TIME))


class TreeTask(RelatedTask):
    """One task of a tree, at its shortest distance from the root."""

    depth = fields.Integer(required=True, metadata=like(1))
    parent_id = fields.Integer(required=True, allow_none=True, metadata=like(3))


class TreeNode(TreeTask):
    """The same with the tasks behind it; built from flat rows, so never dumped by recursion."""

    children = fields.Raw(
        required=True,
        metadata={"type": "array", "items": {"$ref": "#/components/schemas/TreeNode"}, "example": []},
    )


class Tree(Schema):
    task_id = fields.Integer(required=True, metadata=like(3))
    direction = fields.String(required=True, metadata=like("upstream"))
    count = fields.Integer(required=True, metadata=like(1, "tasks, without the root"))
    tree = fields.Raw(metadata={"$ref": "#/components/schemas/TreeNode"})
    items = fields.List(
        fields.Nested(TreeTask), metadata={"description": "instead of tree, with format=flat"}
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Look for keys only: a dict without "items" still has a method of that name."""
        return obj.get(attr, default)


class RelatedQuery(Schema):
    transitive = fields.Boolean(load_default=False, metadata=like(True))
    skip, limit = page(100_000).values()


class TreeQuery(Schema):
    direction = fields.String(
        load_default="upstream",
        validate=validate.OneOf(("upstream", "downstream")),
        metadata=like("upstream", "what the task waits for, or what waits for it"),
    )
    depth = fields.Integer(
        load_default=None, validate=validate.Range(min=1, max=10**6), metadata=like(3, "default: no limit")
    )
    format = fields.String(
        load_default="nested", validate=validate.OneOf(("nested", "flat")), metadata=like("nested")
    )
