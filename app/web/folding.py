"""Templates are compiled once for each language and its words, with all that is fixed in it written out.

A page asks for about a hundred sentences, addresses of files and icons that are the same for every reader of a
language. Where such a call has nothing but constants, its outcome becomes a part of the template's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment
from flask_babel import gettext
from jinja2 import Template, nodes, pass_environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape

from app.access.messages import tongue

SENTENCES = ("_", "gettext")
_MOST_PLACES = 50
_INDENT = re.compile(r"\s*\n\s*")
_MOST_DRAWN = 2000
_KEPT = 400
"""Templates kept for each language: more than there are."""


def written(value: Any) -> str:
    """Escape a value for a page, as Markup's `escape` does, but without making a Markup of each: a page has 400."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class LocalGenerator(CodeGenerator):
    """Writes templates as Python that escapes by `written`: what they put out is joined at once."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  # as Jinja's visitors are named
        """Let a template's module know `written`."""
        self.writeline(f"from {__name__} import {written.__name__}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"{written.__name__}(")


class LocalTemplate(Template):
    """A template whose macros are made once for whoever imports them, for they are imported without context."""

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        """Spare Jinja to compare the importer's globals with its own at each import: nobody adds any."""
        return super()._get_default_module()


class LocalEnvironment(Environment):
    """The environment of the templates; it keeps one beside itself for each language."""

    template_class = LocalTemplate
    code_generator_class = LocalGenerator
    locale = ""
    fixed: Mapping[str, Callable[..., Any]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.beside: dict[tuple[str, str], LocalEnvironment] = {}
        self.drawn: dict[tuple[Any, ...], str] = {}
        self.globals["draw_once"] = draw_once

    def fold(self, **fixed: Callable[..., Any]) -> None:
        """Let templates call functions whose outcome hangs on their arguments and the language alone."""
        self.fixed = {**self.fixed, **fixed}
        self.globals.update(fixed)

    def forget(self) -> None:
        """Compile every template anew, because sentences have changed."""
        self.beside.clear()

    def _load_template(self, name: str, given: MutableMapping[str, Any] | None) -> Template:
        if self.locale:
            return super()._load_template(name, given)
        # Addresses hang on where the program is mounted, too.
        place = (tongue(), request.script_root if request else "")
        beside = self.beside.get(place)
        if beside is None:
            beside = self._beside(place)
        return beside._load_template(name, given)  # noqa: SLF001  # of the same class

    def _beside(self, place: tuple[str, str]) -> LocalEnvironment:
        """Make the environment of a language; the one that was made of its earlier words goes."""
        locale = place[0].partition(" ")[0]
        for old in [old for old in list(self.beside) if old[0].partition(" ")[0] == locale]:
            if old[1] == place[1]:
                self.beside.pop(old, None)
        if len(self.beside) > _MOST_PLACES:
            self.forget()
        beside = self.overlay(cache_size=_KEPT)
        beside.locale, beside.drawn = locale, {}
        self.beside[place] = beside
        return beside

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Folder(self.fixed).visit(tree) if self.locale and not current_app.debug else tree


@pass_environment
def draw_once(environment: LocalEnvironment, macro: Macro, *facts: Any) -> str:
    """Draw what hangs on its facts and the language alone: most rows of a list stood there a moment ago, too.

    The facts are bare strings and numbers, or named tuples of them: what is markup would equal what is not.
    """
    if environment.auto_reload:
        return macro(*facts)
    key = (macro.name, facts)
    found = environment.drawn.get(key)
    if found is None:
        if len(environment.drawn) >= _MOST_DRAWN:
            environment.drawn.clear()
        found = environment.drawn[key] = macro(*facts)
    return found


def templates_of(app: Flask) -> LocalEnvironment:
    """Give the templates of a program that was made with them."""
    environment = app.jinja_env
    if not isinstance(environment, LocalEnvironment):
        raise TypeError(environment)
    return environment


class _Folder(NodeTransformer):
    def __init__(self, fixed: Mapping[str, Callable[..., Any]]) -> None:
        self.fixed = fixed

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802  # as Jinja's visitors are named
        """Leave the indents of a template in its source: a list's page was a twentieth lighter without them."""
        node.data = _INDENT.sub("\n", node.data)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # as Jinja's visitors are named
        """Put a constant in the place of a call that is always the same."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        arguments = [item.value for item in node.args if isinstance(item, nodes.Const)]
        if len(arguments) != len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        if name in SENTENCES and len(arguments) == 1:
            return nodes.Const(_sentence(arguments[0]), lineno=node.lineno)
        if name in self.fixed:
            return nodes.Const(self.fixed[name](*arguments), lineno=node.lineno)
        return node


def _sentence(text: str) -> Markup:
    return Markup(gettext(text) % {})  # noqa: S704  # a sentence of ours, as Jinja marks it itself
