"""Guesses from its headings how a contact list is laid out. The guess is shown, and a person mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .layout import Layout, PersonColumns, StudentColumns, forbidden, words


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


PERSON = _of(
    "guardian parent contact caregiver tutor tutora acudiente encargado encargada representante apoderado apoderada "
    "padres responsable mother father mom dad madre padre relative family familia"
)
FAMILY = _of("family familia")
STUDENT = _of("student pupil child learner estudiante alumno alumna nino nina hijo hija")
NOT_FOR_TEXTS = _of("work business office trabajo oficina fax emergency emergencia")
"""A number at work or for emergencies was not given for messages of this kind."""
FILLING = _of("number no num numero nro n de del la el los las of the s primary main principal 's")
PHONE = _of(
    "phone cell cellphone mobile sms telephone tel telefono celular movil cel whatsapp home text texts casa"
)
MOBILE = _of("cell cellphone mobile sms celular movil cel text texts whatsapp")
FIRST = ({"first"}, {"given"}, {"nombre", "pila"}, {"nombres"}, {"preferred"}, {"first", "preferred"})
FAMILY_NAME = _of("last family surname apellido apellidos familyname lastname middle segundo")
ID = ({"sourced", "id"}, {"sourcedid"}, {"id"}, {"user", "id"}, {"userid"}, {"person", "id"}, {"identifier"},
      {"identificador"}, {"code"}, {"codigo"}, {"matricula"}, {"ident"}, {"identificacion"}, {"local", "id"},
      {"state", "id"}, {"external", "id"})  # fmt: skip
LANGUAGE = _of("language lang idioma lengua")
RELATION = _of("relation relationship parentesco relacion vinculo")
ROLE = _of("role rol respondent type tipo")
HOUSEHOLD = _of("household hogar")
CONSENT = _of("consent permission consentimiento autorizacion optin opt permiso")
DATE = _of("date fecha on at day")
SCHOOL = _of("school escuela colegio campus building plantel")
ATTRIBUTES = {
    "grade": ({"grade"}, {"grades"}, {"grado"}, {"grade", "level"}, {"year", "level"}, {"curso"}),
    "bus_route": ({"bus"}, {"bus", "route"}, {"route"}, {"ruta"}, {"autobus"}, {"ruta", "autobus"}),
    "home_language": ({"student", "language"},),
    "race": ({"race"}, {"raza"}),
    "ethnicity": ({"ethnicity"}, {"etnia"}, {"ethnic"}),
    "race_ethnicity": ({"race", "ethnicity"}, {"ethnicity", "race"}),
    # Who gets free lunch is confidential (7 CFR 245.6): such a column is taken only where a person names it.
    "income": ({"income"}, {"ingresos"}, {"income", "level"}, {"economic", "status"}),
    "special_education": ({"special", "education"}, {"sped"}, {"iep"}, {"swd"}, {"educacion", "especial"},
                          {"disability"}),
    "english_learner": ({"english", "learner"}, {"ell"}, {"el", "status"}, {"lep"}, {"ell", "status"}),
    "neighborhood": ({"neighborhood"}, {"neighbourhood"}, {"barrio"}, {"colonia"}, {"zip"}, {"zip", "code"},
                     {"zipcode"}, {"postal", "code"}, {"codigo", "postal"}),
    "homeroom": ({"homeroom"}, {"salon"}, {"home", "room"}),
}  # fmt: skip
"""What is compared in findings and asked for in audiences; anything else a person has to name."""


@dataclass(slots=True)
class _Slot:
    """The columns of one person while they are gathered: (rank, place, heading) each; the lowest rank is taken."""

    found: dict[str, list[tuple[int, int, str]]]

    def add(self, what: str, rank: int, place: int, heading: str) -> None:
        self.found.setdefault(what, []).append((rank, place, heading))

    def best(self, what: str) -> str | None:
        return min(self.found[what])[2] if what in self.found else None

    def all(self, what: str) -> tuple[str, ...]:
        return tuple(heading for *_, heading in sorted(self.found.get(what, ())))


def guess(columns: Sequence[str]) -> Layout:
    """The likely layout of a table with these headings; what is not understood is left out.

    >>> layout = guess(["Student ID", "Guardian1 Name", "Guardian1 Cell", "Guardian2 Cell", "Grade", "Password"])
    >>> [person.phones for person in layout.people], layout.student.id, dict(layout.attributes)
    ([('Guardian1 Cell',), ('Guardian2 Cell',)], 'Student ID', {'grade': 'Grade'})
    """
    slots: dict[str, _Slot] = {"": _Slot({}), "student": _Slot({})}
    whole = _Slot({})
    for place, heading in enumerate(columns):
        whose, rest = _whose(words(heading))
        what, rank = _what(rest)
        if what is None or forbidden(heading) or (what == "phone" and NOT_FOR_TEXTS & set(rest)):
            continue
        of_all = what == "household" or (whose in ("", "student") and what in ("school", "role", *ATTRIBUTES))
        (whole if of_all else slots.setdefault(whose, _Slot({}))).add(what, rank, place, heading)
    row, student = slots.pop(""), slots.pop("student")
    _give_away(row, student, slots)
    return Layout(
        people=tuple(person for slot in slots.values() if (person := _person(slot, row, student))),
        student=StudentColumns(student.best("id"), student.best("name") if student.best("id") else None),
        school=whole.best("school"),
        household=whole.best("household"),
        respondent_column=whole.best("role"),
        attributes={name: column for name in ATTRIBUTES if (column := whole.best(name))},
    )


def _give_away(row: _Slot, student: _Slot, slots: dict[str, _Slot]) -> None:
    """Columns that name nobody belong to the one person there is; beside "Mother" and "Father" they are the child's."""
    if not slots:
        slots[""] = row
        return
    if len(slots) == 1:
        (only,) = slots.values()
        for what in ("phone", "telegram", "relation"):
            if what not in only.found and what in row.found:
                only.found[what] = row.found[what]
    for what in ("id", "name"):
        if what not in student.found and what in row.found:
            student.found[what] = row.found[what]


def _person(slot: _Slot, row: _Slot, student: _Slot) -> PersonColumns | None:
    person = PersonColumns(
        id=slot.best("id"),
        name=slot.best("name"),
        phones=slot.all("phone"),
        telegram=slot.best("telegram"),
        # A language, and the ground for writing, that a row names once hold for everyone in it.
        language=slot.best("language") or row.best("language") or student.best("language"),
        relation=slot.best("relation"),
        consent_source=slot.best("consent_source") or row.best("consent_source"),
        consent_date=slot.best("consent_date") or row.best("consent_date"),
    )
    return person if person.phones or person.telegram or person.id or person.name else None


def _whose(said: Sequence[str]) -> tuple[str, list[str]]:
    """Whom a heading is about ("student", "guardian 1", "mother", or "" where it does not say), and its other words.

    >>> _whose(["guardian", "2", "cell", "phone"]), _whose(["home", "phone"])
    (('guardian 2', ['cell', 'phone']), ('', ['home', 'phone']))
    """
    rest = list(said)
    # The family's name or id is nobody's own.
    person = [word for word in rest if word in PERSON and not (word in FAMILY and "phone" not in rest)]
    if len(person) > 1 and "contact" in person:
        person.remove("contact")
    number = next((word for word in rest if word.isdigit() and len(word) == 1), "")
    left = [word for word in rest if word not in person and word not in STUDENT and word != number]
    if person:
        return f"{person[0]} {number}".strip(), left
    return ("student", left) if len(left) < len(rest) and STUDENT & set(rest) else ("", rest)


def _what(rest: Sequence[str]) -> tuple[str | None, int]:
    """What a heading without its person says, and how well it fits (0 is best)."""
    said = set(rest) - FILLING
    for name, spellings in ATTRIBUTES.items():
        if said in spellings:
            return name, spellings.index(said)
    if "telegram" in said:
        return "telegram", 0 if "id" in said else 1
    if said & CONSENT:
        return ("consent_date" if said & DATE else "consent_source"), 0
    if said & LANGUAGE:
        return "language", 0 if said & {"home", "preferred", "correspondence", "contact"} else 1
    if said & RELATION:
        return "relation", 0
    if said & HOUSEHOLD or said in ({"family", "id"}, {"familia", "id"}):
        return "household", 0
    if (
        said & PHONE
        and not said & {"email", "address", "direccion", "room", "type", "tipo", "carrier"}
        and (said - {"home", "casa", "text", "texts"})
    ):
        return "phone", 0 if said & MOBILE else 1
    if said and said <= ROLE | {"user"} and said != {"user"}:
        return "role", 0 if said & {"role", "rol", "respondent"} else 1
    if said & SCHOOL and not said & {"id", "code", "codigo", "year", "phone", "district", "email", "address"}:
        return "school", 0 if said & {"name", "nombre"} else 1
    if said in FIRST or said in ({"first", "name"}, {"given", "name"}, {"preferred", "name"}, {"firstname"},
                                 {"givenname"}, {"primer", "nombre"}):  # fmt: skip
        return "name", 0
    if said in (
        {"name"},
        {"nombre"},
        {"full", "name"},
        {"fullname"},
        {"nombre", "completo"},
        {"display", "name"},
    ):
        return "name", 1
    if said == {"last", "first"} or not rest:  # "Mother": her name
        return "name", 2
    if said & FAMILY_NAME:
        return None, 0
    if said in ID or (not said and set(rest) & {"number", "no", "num", "numero", "nro"}):
        return "id", ID.index(said) if said in ID else len(ID)
    return None, 0
