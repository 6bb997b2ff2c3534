"""What staff and the public see of venues and all that belongs to them."""

from app.domains.venues.resources.amenities import badges, equipment, equipment_types
from app.domains.venues.resources.companies import companies
from app.domains.venues.resources.places import cities, countries
from app.domains.venues.resources.rooms import policies, rooms
from app.domains.venues.resources.venues import closures, venues

RESOURCES = (
    venues,
    rooms,
    closures,
    policies,
    companies,
    badges,
    equipment,
    equipment_types,
    cities,
    countries,
)
