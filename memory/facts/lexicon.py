"""Word lists for reading statements about people, as alternatives of a regular expression."""

from __future__ import annotations

from memory.sentences import NATIONALITIES

KIN = (
    "mother|mum|mom|mummy|father|dad|daddy|parents?|sister|brother|siblings?|twin|son|daughter|"
    "child|children|kids?|baby|wife|husband|partner|girlfriend|boyfriend|fianc[e\u00e9]e?|spouse|"
    "ex(?:-(?:wife|husband|girlfriend|boyfriend))?|grandmother|grandma|granny|grandfather|grandpa|"
    "grandparents?|grandson|granddaughter|grandchild(?:ren)?|aunt|auntie|uncle|cousin|niece|nephew|"
    "godmother|godfather|godson|goddaughter|"
    "(?:step|half|foster|great)[- ]?(?:mother|father|mum|dad|sister|brother|son|daughter|"
    "grandmother|grandfather)|(?:mother|father|sister|brother|son|daughter)-in-law|in-laws|"
    "(?:best |old |good |close |childhood |school )?(?:friend|mate|pal)|neighbour|neighbor|"
    "colleague|co-worker|flatmate|roommate|housemate|classmate|teammate"
)
ROLES = (
    "boss|manager|supervisor|dentist|doctor|gp|physio|therapist|psychologist|psychiatrist|"
    "cardiologist|optician|midwife|vet|lawyer|accountant|landlord|landlady|teacher|tutor|coach|"
    "mentor|hairdresser|barber|plumber|mechanic|cleaner|babysitter|childminder|carer|caregiver|"
    "assistant|business partner|emergency contact"
)
PETS = "dog|puppy|cat|kitten|rabbit|parrot|horse|pony|hamster|guinea pig|tortoise|canary|fish"
PARTNER = "wife|husband|partner|girlfriend|boyfriend|fianc[e\u00e9]e?|spouse"

OCCUPATIONS = (
    r"nurse|chef|cook|vet|clerk|pilot|judge|guide|priest|monk|nun|architect|coach|tailor|surgeon|"
    r"poet|athlete|dentist|doctor|gp|physio|scientist|student|apprentice|trainee|intern|au pair|"
    r"accountant|assistant|consultant|civil servant|attendant|agent|soldier|sailor|mechanic|"
    r"secretary|entrepreneur|freelancer?|diplomat|critic|advocate|paramedic|nanny|captain|chemist|"
    r"barista|model|dj|ceo|cto|cfo|analyst|specialist|lecturer|professor|researcher|trainer|"
    r"dealer|singer|dancer|baker|butcher|farmer|gardener|carpenter|joiner|glazier|plumber|"
    r"plasterer|roofer|cleaner|waiter|waitress|barber|hairdresser|lawyer|solicitor|barrister|"
    r"notary|banker|broker|trader|publisher|editor|reporter|translator|interpreter|librarian|"
    r"curator|conductor|composer|actor|actress|author|sculptor|tutor|inspector|surveyor|operator|"
    r"contractor|investor|counsell?or|instructor|therapist|pharmacist|journalist|artist|florist|"
    r"pianist|cellist|violinist|guitarist|drummer|economist|physicist|linguist|receptionist|"
    r"machinist|stylist|cashier|courier|porter|miner|welder|printer|potter|weaver|brewer|ranger|"
    r"firefighter|novelist|historian|comedian|activist|hygienist|teacher|officer|engineer|manager|"
    r"director|designer|developer|programmer|writer|painter|electrician|volunteer|builder|"
    r"photographer|administrator|carer|caregiver|childminder|social worker|housewife|mayor|"
    r"[a-z]+(?:ographer|ologist|[mtrs]ician|smith|wright|keeper|worker|maker|driver)|"
    r"(?:fire|post|sales|business|fisher|crafts|camera|police|states)(?:man|woman)"
)

TRAITS = (
    "shy|introverted|extroverted|extraverted|outgoing|impatient|patient|stubborn|curious|lazy|"
    "ambitious|anxious|nervous|optimistic|pessimistic|sensitive|emotional|sociable|quiet|talkative|"
    "messy|tidy|organi[sz]ed|disorgani[sz]ed|punctual|forgetful|absent-minded|clumsy|competitive|"
    "perfectionist|cautious|careful|adventurous|spontaneous|creative|artistic|practical|rational|"
    "romantic|sentimental|superstitious|religious|jealous|generous|thrifty|frugal|stingy|honest|"
    "direct|blunt|easy-going|easygoing|laid-back|relaxed|hot-tempered|short-tempered|moody|"
    "chatty|reserved|independent|loyal|trusting|naive|gullible|sceptical|skeptical|cynical|"
    "self-conscious|insecure|confident|determined|disciplined|impulsive|indecisive|restless|"
    "energetic|hard-working|hardworking|open-minded|old-fashioned|claustrophobic|squeamish|"
    "ticklish|picky|fussy|gentle|kind|polite|timid|brave|reliable|unreliable|nosy|bossy|vain|modest"
)
CHARACTERS = (
    "introvert|extrovert|extravert|perfectionist|optimist|pessimist|realist|idealist|romantic|"
    "dreamer|worrier|loner|homebody|night owl|early bird|early riser|chatterbox|workaholic|"
    "procrastinator|control freak|neat freak|bookworm|foodie|team player|risk taker|risk-taker|"
    "people pleaser|overthinker|planner|hoarder|feminist|pacifist|atheist|believer|coward|"
    "gourmet|minimalist|(?:[\\w-]+ ){1,3}person"
)

CONDITIONS = {
    "diabetes": "diabet(?:es|ic)",
    "asthma": "asthma(?:tic)?",
    "epilepsy": "epilep(?:sy|tic)",
    "dementia": "dementia|alzheimer'?s?",
    "colour-blind": r"colou?r[- ]blind",
    "pacemaker": "pacemaker",
    "coeliac disease": r"co?eliac(?: disease)?",
    "blood pressure": r"(?:high|low) blood pressure|hypertension",
    "heart": r"(?:heart|cardiac) (?:condition|disease|problems?|failure|murmur)|(?:weak|bad) heart|"
    "arrhythmia|angina",
    "deaf": r"deaf|hard of hearing|hearing aids?|hearing loss|tinnitus",
    "blind": r"(?<!r[- ])blind|partially sighted|glaucoma|cataracts?|macular degeneration",
    "migraine": "migraines?",
    "arthritis": "arthritis|rheumatism|gout",
    "parkinson's": "parkinson'?s",
    "multiple sclerosis": "multiple sclerosis|ms",
    "thyroid": r"(?:under|over)active thyroid|thyroid (?:condition|problems?|disease)",
    "haemophilia": "ha?emophilia(?:c)?|bleeding disorder",
    "depression": "depression|bipolar(?: disorder)?",
    "anxiety disorder": "anxiety disorder|panic attacks|ptsd",
    "cancer": "cancer|leuka?emia|lymphoma",
    "kidney": r"kidney (?:disease|failure|stones|problems?)",
    "liver": r"liver disease|hepatitis",
    "vertigo": "vertigo",
    "osteoporosis": "osteoporosis",
    "pregnant": "pregnant",
    "copd": "copd|emphysema",
    "hip": r"(?:artificial|new|replaced) (?:hip|knee)|(?:hip|knee) replacement",
    "back": r"(?:bad|herniated|slipped) (?:back|disc|knee|hip)|bad back",
    "adhd": "adhd|autism|autistic|asperger'?s|dyslexi[ac]",
    "stroke": "stroke",
    "eczema": "eczema|psoriasis",
}

DIETS = (
    "vegetarian|vegan|pescatarian|pescetarian|flexitarian|kosher|halal|teetotal(?:l?er)?|"
    "gluten[- ]free|dairy[- ]free|low[- ]carb|keto"
)
MEATS = "meat|pork|beef|red meat|poultry|fish|seafood|animal products|dairy|sugar|gluten"

VISITS = (
    "doctor|gp|dentist|orthodontist|physio|physiotherapist|therapist|psychologist|psychiatrist|"
    "cardiologist|dermatologist|optician|eye doctor|gynaecologist|gynecologist|paediatrician|"
    "pediatrician|oncologist|neurologist|surgeon|specialist|midwife|hairdresser|barber|lawyer|"
    "solicitor|notary|accountant|bank manager|vet|osteopath|chiropractor|counsellor|hygienist"
)
DATES = (
    r"eye test|hearing test|driving test|blood test|test|check-?up|health check|surgery|operation|"
    r"(?:job )?interview|exam|examination|meeting|hearing|scan|x-ray|mri|vaccination|jab|booster|"
    r"haircut|physio|physiotherapy|therapy(?: session)?|dialysis|chemo(?:therapy)?|viewing|"
    r"appointment|consultation|presentation|parents' evening|video call|conference call"
)

POSSESSIONS = (
    r"house|flat|apartment|cabin|cottage|garden|allotment|boat|car|van|motorbike|motorcycle|bike|"
    r"bicycle|caravan|camper(?:van)?|tattoo|scar|degree|diploma|phd|doctorate|master's|"
    r"driving licen[cs]e|licen[cs]e|shop|company|business|farm|studio|workshop|piano|guitar|"
    r"collection|season ticket|twin|accent|lisp|stutter|mortgage|pension|sweet tooth|green thumb"
)

NUMBERS = (
    r"\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
)
WEEKDAY = "mon|tues|wednes|thurs|fri|satur|sun"
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
SEASONS = "spring|summer|autumn|fall|winter|christmas|easter|new year"
NATIONALITY = NATIONALITIES
