"""What the licence desk uses of the form; it asks nothing that isn't everybody's."""

from kernel.form.fields import AGENT, NAME

SEES = (
    *NAME,
    "name.division_place",
    "name.word_reason",
    "name.group_members",
    "name.group_parent",
    "name.undertaking",
    "scope.industry",
    "scope.items",
    "scope.approval",
    "address.division",
    "address.detail",
    "address.proof",
    "address.lease_until",
    "capital.amount",
    "capital.meant",
    "capital.paid_by",
    "capital.property",
    "shareholders.people",
    "officers.legal_representative",
    "officers.director",
    "officers.manager",
    "officers.supervisor",
    *AGENT,
    "materials.address_proof",
    "materials.id_copies",
    "materials.shareholder_licence",
    "materials.prior_approval",
    "materials.agent_id",
)
