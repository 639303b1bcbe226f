"""Who acts in the products of the tenants without being a member here: staff and services."""

from app.audit.event import Party

DOCTORS = (
    Party("person", "u-2041", "Dr. Sofia Marchetti"),
    Party("person", "u-2057", "Dr. Henning Dahl"),
    Party("person", "u-2063", "Dr. Amara Okonkwo"),
)
NURSES = (
    Party("person", "u-2112", "Emil Sjöberg"),
    Party("person", "u-2118", "Katarina Novak"),
    Party("person", "u-2131", "Leif Aronsson"),
)
BOOKING = Party("service", "booking-service", "booking-service")
SYNC = Party("service", "sync-scheduler", "sync-scheduler")
REPORTING = Party("service", "reporting-service", "reporting-service")

CONTROL_ROOM = (
    Party("person", "b-311", "Matthias Keller"),
    Party("person", "b-318", "Sabine Roth"),
    Party("person", "b-327", "Aylin Kaya"),
)
TARIFF_DESK = (Party("person", "b-402", "Omar Farouk"), Party("person", "b-405", "Judith Lenz"))
SALES = (Party("person", "b-518", "Julia Brenner"), Party("person", "b-522", "Piotr Wolski"))
METERS = Party("service", "meter-gateway", "meter-gateway")
BILLING = Party("service", "billing-run", "billing-run")

OUTSIDERS = frozenset(
    {*DOCTORS, *NURSES, BOOKING, SYNC, REPORTING}
    | {*CONTROL_ROOM, *TARIFF_DESK, *SALES, METERS, BILLING}
)
