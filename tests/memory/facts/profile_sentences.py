"""Sentences as people say them, with what they tell that lasts: ``category|slot`` or nothing.

Written before the rules. Every second sentence was looked at while the rules were made; the others
are held out, and only their figures are looked at.
"""

from __future__ import annotations

LASTING = """
safety|allergy:peanuts|I'm allergic to peanuts.
safety|allergy:penicillin|I have a penicillin allergy.
safety|allergy:shellfish|By the way, I can't eat shellfish, I'm allergic.
safety|allergy:lactose|I'm lactose intolerant.
safety|allergy:gluten|I've got an intolerance to gluten.
safety|allergy:bee stings|I have a severe allergy to bee stings.
safety|allergy:walnuts|Walnuts make my throat swell up, I am allergic to walnuts.
safety|allergy:eggs|The doctor told me I am allergic to eggs.
safety|allergy:strawberries|I'm not allergic to strawberries any more.
safety|allergy:cats|I've been allergic to cats since I was a child.
safety|daughter: allergy:sesame|My daughter is allergic to sesame.
safety|maya: allergy:nuts|Maya is allergic to nuts.
safety|medicine:ibuprofen|I take ibuprofen for my back.
safety|medicine:metformin|I take 500 milligrams of metformin every morning.
safety|medicine:warfarin|I'm on warfarin.
safety|medicine:warfarin|I stopped taking warfarin in May.
safety|medicine:insulin|I have to inject insulin before every meal.
safety|medicine:antibiotics|The doctor put me on antibiotics for a week.
safety|medicine:ramipril|My pills, the ramipril, I take them at eight in the evening.
safety|taken:ibuprofen|I've just taken my ibuprofen.
safety|taken:aspirin|I took an aspirin at noon.
safety|medicine:aspirin|I must not take aspirin, because of my stomach.
safety|condition:diabetes|I have type 2 diabetes.
safety|condition:asthma|I've had asthma since I was six.
safety|condition:epilepsy|I was diagnosed with epilepsy last year.
safety|condition:deaf|I'm deaf in my left ear.
safety|condition:colour-blind|I'm colour-blind, so I can't tell red from green.
safety|condition:pacemaker|I wear a pacemaker.
safety|father: condition:dementia|My father has dementia.
safety|mother: medicine:statins|My mother takes statins.
safety|appointment:dentist|I have a dentist appointment on Friday at three.
safety|appointment:doctor|I'm seeing the doctor tomorrow at half past nine.
safety|appointment:dentist|My dentist appointment has been moved to Monday.
safety|appointment:hairdresser|I have an appointment at the hairdresser's at five.
safety|appointment:eye test|My eye test is on the fourth of June at 10:30.
safety|appointment:physio|I've got physio on Wednesday at noon.
safety|appointment:interview|I have a job interview on Thursday at two.
safety|appointment:meeting|I've got a meeting with the bank at quarter to four.
background|lives in|I live in Leeds.
background|lives in|We live just outside Ghent, in an old mill.
background|lives in|I moved to Lisbon in March.
background|lives in|No, I moved to Leeds.
background|lives in|I live with my parents in Kassel at the moment.
background|lives in|I'm based in Rotterdam these days.
background|lives in|My address is 12 Mill Lane.
background|from|I'm originally from Boston.
background|from|I come from a small village near Porto.
background|born in|I was born in Naples.
background|grew up in|I grew up on a farm in Devon.
background|works as|I'm a nurse.
background|works as|I work as a translator.
background|works as|I'm a glazier at the Leeds workshop.
background|works as|I'm a retired teacher.
background|works as|I've become the head of the department.
background|works at|I work at the harbour office.
background|works at|I work for a small publisher in Utrecht.
background|works at|I've just started a new job at the library.
background|works at|I quit my job at the bank.
background|works at|I don't work at the museum any more.
background|works as|I used to be a carpenter.
background|lives in|I used to live in York.
background|age|I'm 34.
background|age|I'm thirty-four years old.
background|age|I turned sixty last week.
background|birthday|My birthday is on the third of May.
background|name|My middle name is Augusta.
background|phone number|My phone number is 0171 555 0199.
background|studies|I'm studying marine biology.
background|studies|I study law at the university in Graz.
background|speaks|I speak French and a little Arabic.
background|speaks|My mother tongue is Hungarian.
background||I have a degree in chemistry.
background||I've lived abroad for most of my life.
background||I own a little boat.
background||I drive an old green Saab.
background||I play the cello in an amateur orchestra.
background||We have a cabin by the lake.
background|diet|I'm a vegetarian.
background|diet|I've been vegan for six years.
background||I'm left-handed.
background|blood type|My blood type is O negative.
background||I served in the navy for ten years.
background|nationality|I'm Portuguese.
background||I lost my father when I was twelve.
relationship|partner|I'm married to Tom.
relationship|partner|My wife's name is Ines.
relationship|partner|My husband is called Piotr.
relationship|partner|I'm engaged to Sofia.
relationship|partner|Tom and I broke up in April.
relationship|partner|I got divorced two years ago.
relationship|partner|I'm single.
relationship||I have two children, a boy and a girl.
relationship||My sister Anna is a vet.
relationship|brother: lives in|My brother lives in Ottawa.
relationship||My best friend is called Jonas.
relationship|boss|My boss is Karen Holt.
relationship|dentist|My dentist is Doctor Hall.
relationship||I have a dog called Bruno.
relationship||Our cat is called Miso.
relationship||My daughter Lena just started school.
relationship||Olga is my cousin.
relationship||Ruth and I have been friends since school.
relationship||My neighbour Piet has a key to our flat.
relationship||My grandmother taught me to bake.
relationship||My mum died when I was young.
relationship|maya: lives in|Maya lives in Tartu.
relationship|son: works as|My son is an engineer.
preference|likes:coffee|I love coffee.
preference|likes:coffee|I don't like coffee any more.
preference|likes:jazz|I really like jazz.
preference|likes:olives|I can't stand olives.
preference|likes:crowds|I hate crowds.
preference|likes:sailing|I enjoy sailing.
preference|likes:horror films|I'm not a fan of horror films.
preference|likes:football|I'm a big fan of football.
preference|likes:tea|I prefer tea to coffee.
preference|likes:window seat|I prefer a window seat.
preference|likes:crossword puzzles|I'm into crossword puzzles.
preference|likes:long walks|I'm fond of long walks.
preference|favourite:colour|My favourite colour is dark green.
preference|favourite:composer|Bach is my favourite composer.
preference|favourite:restaurant|My favorite restaurant is the Greek one by the station.
preference|likes:spicy food|I'm not keen on spicy food.
preference||I always take my coffee without milk.
preference|likes:dark chocolate|Dark chocolate is what I like best.
preference|likes:swimming|I adore swimming in the sea.
preference|likes:being late|I dislike being late.
preference|likes:rain|I love the rain.
preference|likes:running|I used to like running, but not any more.
personality||I'm quite shy with strangers.
personality||I'm a morning person.
personality||I'm an introvert.
personality||I tend to worry too much.
personality||I'm afraid of heights.
personality||I'm scared of dogs.
personality||I get nervous before exams.
personality||I'm a perfectionist.
personality||People say I'm too impatient, and it's true, I'm impatient.
personality||I'm not very patient.
personality||I'm terrible with names.
personality||I'm good at maths.
personality||I don't trust people easily.
personality||I'm a very curious person.
personality||I find it hard to say no.
personality||I've always been stubborn.
habit||I go running every morning.
habit||I usually have lunch at the canteen.
habit||On Sundays I call my mother.
habit||I never drink coffee after six.
habit||I always leave my keys on the hook by the door.
habit||I read for half an hour before bed.
habit||We go to the lake every summer.
habit||I swim twice a week.
habit||I get up at six every day.
habit||I normally take the tram to work.
habit||I meditate daily.
habit||I play tennis on Tuesdays.
habit||Most evenings I cook for the family.
habit||I don't smoke any more.
habit||I gave up smoking.
habit||I don't drink alcohol.
habit||I bike to work when it is dry.
habit||Whenever I'm stressed I bake bread.
plan||I'm going to Lisbon in March.
plan||I'm flying to Oslo on Saturday.
plan||We're getting married in June.
plan||I want to learn Spanish.
plan||I'm planning to sell the car.
plan||I plan to repaint the kitchen.
plan||I'm going to call the plumber on Monday.
plan||I'll meet Jonas at the station at seven.
plan||We are moving to Bristol in the autumn.
plan||I hope to finish my thesis by May.
plan||Next year I'll run a marathon.
plan||I have to return the library books by Friday.
plan||I need to renew my passport before the summer.
plan||I'm saving up for a new bike.
plan||I've decided to quit smoking.
plan||My plan is to open a bakery.
plan||Tomorrow I'm having lunch with Ines.
plan||I promised Ruth to water her plants.
"""

NOTHING = """
I'm tired today.
I'm hungry.
I am so cold.
I'm leaving these biscuits on the kitchen table, next to the blue pen.
I'm taking my black flask with me.
I'll be back in a minute.
I'll have the soup, please.
I saw a fox by the canal.
I had pasta for lunch.
I think it rang twice.
I think I'm allergic to peanuts.
Maybe I am allergic to cats.
Am I allergic to walnuts?
Do you like coffee?
Imagine I lived in Paris.
If I lived in Leeds, I would take the train.
If I were you, I'd take the job.
I would love a coffee.
I'd love to, but I can't.
I could eat a horse.
I wish I lived by the sea.
She says I am stubborn.
He told me I should work at the bank.
Tom said I love him.
Yeah right, I just love waiting in line.
I love it when the bus is late, not.
Oh great, I love standing in the rain.
And then he goes, "I'm a doctor."
The sign said, "I live here."
I like this.
I like that one.
I love you.
I love it!
I don't like it.
I like your jacket.
I'm on my way.
I'm on the bus.
I'm fine, thanks.
I'm sorry.
I'm sure.
I'm not sure.
I don't know.
I don't think so.
I'm at the station.
I'm in the kitchen.
I'm here.
I'm not here right now.
I'm ready.
I'm late again.
I'm just looking.
I'm looking for my keys.
I'm afraid I can't come.
I'm afraid so.
I'm glad you came.
I'm happy to help.
I'm done with this.
I was tired yesterday.
I was in a hurry.
I was there.
I went to the shop.
We went home.
We were late.
I've got it.
I have a question.
I have an idea.
I have no idea.
I have a headache.
I have to go.
I have to go now.
I need to go to the toilet.
I need a pen.
I want some water.
I want that one.
I'm going home.
I'm going upstairs.
I'm going to the toilet.
I'm going to bed.
I'm coming.
I'll see you later.
I'll do it.
I'll take two.
I'll think about it.
I'll get the door.
I take it you're Jonas.
I took the bus.
I take the point.
I usually would, but not today.
I never said that.
I always knew it.
I work it out in a minute.
I live for moments like this.
I moved to the back row.
I moved the chair.
My head hurts.
My phone is ringing.
My battery is empty.
My keys are on the table.
My coffee is cold.
My turn.
My God, look at that.
My train leaves at five.
My sister is here.
My brother called earlier.
My boss is in a bad mood today.
Our bus is late.
We are here.
We have time.
We need milk.
We should go.
We'll see.
It is raining.
The train leaves at five.
That's my bus.
He is tall.
She is over there.
Thank you, I appreciate it.
I mean, you know.
I guess I'm a night owl.
I suppose I like jazz.
I might move to Berlin.
I may be going to Rome in May.
I'm probably going to quit.
I'm kidding, I'm a spy.
I was just joking, I'm not a doctor.
Let's say I'm a doctor.
Suppose I am allergic to nuts.
I dreamt I lived on a boat.
In the book, I am a pirate called Ned.
I see what you mean.
I forgot my umbrella.
I lost my keys.
I bought a new kettle.
I'm reading the label.
I'm waiting for the tram.
I'm just about to leave.
I'm currently in a meeting.
I'm 10 minutes away.
I'm 5 minutes late.
I'm from the delivery service.
I'm with Ruth.
I'm with you on that.
I'm all ears.
I'm a bit lost.
I'm a little tired.
I'm in love with this cake.
I'm dying for a tea.
"""


def lasting() -> list[tuple[str, str, str]]:
    """Return category, slot and sentence of what lasts."""
    lines = (line.split("|", 2) for line in LASTING.strip().splitlines())
    return [(category, slot, text) for category, slot, text in lines]


def nothing() -> list[str]:
    """Return sentences that tell nothing that lasts."""
    return NOTHING.strip().splitlines()
