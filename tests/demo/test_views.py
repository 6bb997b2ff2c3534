"""The saved views of the demo: each can be opened, and loading again adds none."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.demo.views import VIEWS, add_views
from app.resources import On
from app.surfaces.desk.saved_views import SavedView
from app.surfaces.records.query import read_query, write_query
from app.surfaces.screens.list_tabs import lasting


def test_every_view_is_written_as_a_list_writes_its_address(app: Flask, session: Session) -> None:
    add_views(session)
    resources = {resource.name: resource for resource in load_catalogue()}
    views = session.scalars(select(SavedView)).all()
    assert len(views) == len(VIEWS)
    with app.test_request_context():
        for view in views:
            pairs = parse_qsl(view.query)
            query = read_query(resources[view.resource], pairs, On.LIST)
            assert sorted(lasting(query)) == sorted(pairs) == sorted(write_query(query))


def test_loading_again_adds_no_view(session: Session) -> None:
    add_views(session)
    add_views(session)
    assert session.scalar(select(func.count()).select_from(SavedView)) == len(VIEWS)
