"""Made-up names for the demonstration's county."""

TOWNS = (
    *("Marlford", "Hexby", "Stonewick", "Thornley Cross", "Brackenmouth", "Eastmere", "Wychford"),
    *("Holmestead", "Larksworth", "Quernham", "Saltwick", "Upper Dene", "Nether Dene", "Oxcombe"),
    *("Fallowby", "Greyminster", "Harrowmoor", "Ivelham", "Kestrel Bay", "Mistleton"),
)
FIRST_NAMES = (
    *("Aisha", "Ben", "Carys", "Dev", "Ewa", "Farah", "George", "Hannah", "Imran", "Joan", "Kofi"),
    *("Lena", "Mohammed", "Nadia", "Owen", "Priya", "Rosa", "Sam", "Teresa", "Umar", "Zoë", "Siân"),
    *("José", "Chloë", "Tomasz", "Yusuf", "Ngozi", "Margaret", "Peter", "Susan"),
)
SURNAMES = (
    *("Adeyemi", "Begum", "Clarke", "Dhillon", "Evans", "Fernández", "Gill", "Hughes", "Iqbal"),
    *("Jones", "Kaur", "Lewis", "Murphy", "Nowak", "O'Brien", "Patel", "Quinn", "Rahman", "Shah"),
    *("Taylor", "Usman", "Varga", "Walker", "Young", "Zak", "Okafor", "Lopes"),
)
HOME_FIRST = (
    *("Oak", "Rose", "Willow", "Beech", "Laurel", "Cedar", "Hazel", "Ivy", "Maple", "Orchard"),
    *("Primrose", "Rowan", "Sycamore", "Heather", "Lavender", "Magnolia", "Poplar", "Juniper"),
    *("Hawthorn", "Linden"),
)
HOME_LAST = (
    *("House", "Court", "Lodge", "Grange", "Manor", "View", "Gardens", "Hall", "Cottage", "Park"),
    *("Rise", "Meadow", "Croft", "Mead", "Place"),
)
PRACTICE_LAST = (
    "Surgery",
    "Medical Centre",
    "Health Centre",
    "Medical Practice",
    "Family Practice",
)
PHARMACY_LAST = ("Pharmacy", "Chemist", "Healthcare Pharmacy", "Late Night Pharmacy")
STREETS = (
    *("High Street", "Station Road", "Church Lane", "Market Square", "Mill Lane", "Bridge Street"),
    *("Victoria Road", "Park Road", "Green Lane", "Canal Street", "Queen's Road", "Abbey Walk"),
    *("Chapel Hill", "Priory Road", "Castle Street"),
)
CAUSES = (
    *("Lunch Club", "Befriending Circle", "Carers Together", "Food Bank", "Memory Café"),
    *("Walking Group", "Parents and Toddlers", "Good Neighbours", "Sight Loss Support"),
    *("Community Transport", "Men's Shed", "Faith Welcome", "Youth Project", "Stroke Club"),
    *("Diabetes Friends", "Warm Space", "Refugee Welcome", "Allotment Society", "Choir"),
    *("Village Hall Trust",),
)
AREAS = (
    *("", "North", "South", "East", "West", "Central", "Riverside", "Hillside", "Old Town"),
    *("New Town", "Parkside", "Harbour", "Station", "Canalside", "Moorland"),
)
UNIVERSITIES = (
    "University of West County",
    "Greyminster Metropolitan University",
    "Royal College of Marlford University",
)
PHONES = (
    *("01632 960", "07700 900", "0116 496 0", "0117 496 0", "0118 496 0", "0121 496 0"),
    *("0113 496 0", "0114 496 0", "0115 496 0", "0161 496 0", "020 7946 0"),
)
"""Beginnings of numbers that Ofcom keeps for drama; three digits follow."""
