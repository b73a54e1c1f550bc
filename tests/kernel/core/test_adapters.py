"""Systems outside are spoken with through the adapter that a deployment names; a sandbox never answers by accident."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kernel.core import adapters
from kernel.core.adapters import Adapter, refuse_sandboxes


class Office:
    """An adapter as a deployment writes it."""


@pytest.fixture
def office(monkeypatch):
    monkeypatch.setattr(adapters, "_known", {})
    return Adapter("office", dict)


HERE = f"{__name__}.Office"


def test_an_installation_says_which_sandboxes_may_stay(office, settings):
    settings.ADAPTERS, settings.SANDBOXES = {}, ["all"]
    refuse_sandboxes()
    assert office() == {}, "the sandbox"
    settings.SANDBOXES = ["office"]
    refuse_sandboxes()


def test_a_sandbox_that_nobody_allowed_is_refused_by_name(office, settings):
    settings.ADAPTERS, settings.SANDBOXES = {}, []
    with pytest.raises(ImproperlyConfigured, match="no adapter, so nobody would be told: office"):
        refuse_sandboxes()


def test_a_deployment_names_its_adapter(office, settings):
    settings.ADAPTERS, settings.SANDBOXES = {"office": HERE}, []
    refuse_sandboxes()
    assert isinstance(office(), Office) and office() is office()


def test_an_adapter_that_is_not_there_is_said(office, settings):
    settings.ADAPTERS = {"office": "nowhere.Client"}
    with pytest.raises(ImproperlyConfigured, match=r"names nowhere\.Client for office"):
        office()


@pytest.mark.parametrize(("named", "allowed"), [({"offise": HERE}, []), ({}, ["offise"])])
def test_a_name_that_is_misspelt_is_refused(office, settings, named, allowed):
    settings.ADAPTERS, settings.SANDBOXES = named, allowed
    with pytest.raises(ImproperlyConfigured, match="don't exist: offise. There are office."):
        refuse_sandboxes()


def test_every_department_with_a_system_of_its_own_is_known():
    assert {"tax", "social_security", "housing_fund", "banking", "seals"} <= set(adapters._known)
