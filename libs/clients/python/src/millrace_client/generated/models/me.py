from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.me_kind import check_me_kind
from ..models.me_kind import MeKind
from ..models.me_role_type_0 import check_me_role_type_0
from ..models.me_role_type_0 import MeRoleType0
from ..models.me_scopes_item import check_me_scopes_item
from ..models.me_scopes_item import MeScopesItem
from typing import cast

if TYPE_CHECKING:
    from ..models.organization_ref import OrganizationRef
    from ..models.person import Person


T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    organization: OrganizationRef
    actor: str
    """ Id of the person or of the API key. """
    kind: MeKind
    scopes: list[MeScopesItem]
    person: None | Person
    """ Null for an API key. """
    role: MeRoleType0 | None
    """ Null for an API key. """
    environment_id: None | str
    """ The only environment that the API key reaches; null for all. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.person import Person  # noqa: PLC0415

        organization = self.organization.to_dict()

        actor = self.actor

        kind: str = self.kind

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item: str = scopes_item_data
            scopes.append(scopes_item)

        person: dict[str, Any] | None
        if isinstance(self.person, Person):
            person = self.person.to_dict()
        else:
            person = self.person

        role: None | str
        if isinstance(self.role, str):
            role = self.role
        else:
            role = self.role

        environment_id: None | str
        environment_id = self.environment_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "organization": organization,
                "actor": actor,
                "kind": kind,
                "scopes": scopes,
                "person": person,
                "role": role,
                "environmentId": environment_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.organization_ref import OrganizationRef  # noqa: PLC0415
        from ..models.person import Person  # noqa: PLC0415

        d = dict(src_dict)
        organization = OrganizationRef.from_dict(d.pop("organization"))

        actor = d.pop("actor")

        kind = check_me_kind(d.pop("kind"))

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = check_me_scopes_item(scopes_item_data)

            scopes.append(scopes_item)

        def _parse_person(data: object) -> None | Person:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                person_type_0 = Person.from_dict(data)

                return person_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Person, data)

        person = _parse_person(d.pop("person"))

        def _parse_role(data: object) -> MeRoleType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                role_type_0 = check_me_role_type_0(data)

                return role_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MeRoleType0 | None, data)

        role = _parse_role(d.pop("role"))

        def _parse_environment_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment_id = _parse_environment_id(d.pop("environmentId"))

        me = cls(
            organization=organization,
            actor=actor,
            kind=kind,
            scopes=scopes,
            person=person,
            role=role,
            environment_id=environment_id,
        )

        return me
