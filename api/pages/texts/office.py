"""Texts of the public pages about offices: hours, what limits them, seats left, and when the next ones come."""

TEXTS = {
    "office.link": ("Kantor dan kuota", "Offices and seats"),
    "office.all": ("Kantor imigrasi", "Immigration offices"),
    "office.all.lead": (
        "Jam layanan, sisa kuota, dan kapan kuota berikutnya dibuka, di setiap kantor.",
        "Opening hours, seats left, and when the next seats open, at each office.",
    ),
    "office.none": ("Belum ada kantor.", "There are no offices yet."),
    "office.first": ("Sisa {left} kursi pada {day}", "{left} seats left on {day}"),
    "office.full": ("Tidak ada kursi dalam {count} hari ke depan", "No seats in the next {count} days"),
    "office.next": ("Kuota berikutnya dibuka {opens}", "The next seats open {opens}"),
    "office.next.title": ("Kuota berikutnya", "Next seats"),
    "office.next.none": ("Belum ada jadwal pembukaan kuota.", "No opening of seats is announced."),
    "office.next.day": ("untuk {day}", "for {day}"),
    "office.hours": ("Jam layanan", "Opening hours"),
    "office.hours.zone": ("Waktu setempat ({zone}).", "The office's own time ({zone})."),
    "office.hours.shut": ("tutup", "closed"),
    "office.hours.to": ("{first} sampai {last}", "{first} to {last}"),
    "office.hours.holidays": (
        "Tutup pada hari libur nasional dan cuti bersama.",
        "Closed on public holidays and joint leave.",
    ),
    "office.hours.every_day": (
        "Buka juga pada hari libur nasional dan cuti bersama.",
        "Open on public holidays and joint leave too.",
    ),
    "office.hours.none": ("Jam layanan belum ditetapkan.", "Opening hours are not set yet."),
    "office.limit": ("Yang paling membatasi", "What limits this office"),
    "office.limit.printer": ("Pencetakan paspor", "Printing of passports"),
    "office.limit.booths": ("Bilik wawancara dan foto", "Booths for interview and photo"),
    "office.limit.document_desks": ("Loket pemeriksaan dokumen", "Document desks"),
    "office.limit.verifiers": ("Verifikasi data", "Verification"),
    "office.limit.booklets": ("Persediaan buku paspor", "Stock of blank booklets"),
    "office.limit.said": (
        "{what}: {seats} orang pada {day}. Kantor merencanakan {planned} kursi sehari; yang dibuka tidak lebih dari"
        " yang dapat dilayani.",
        "{what}: {seats} people on {day}. The office plans {planned} seats a day, and opens no more than it can serve.",
    ),
    "office.limit.plan": (
        "Rencana kantor: {planned} kursi pada {day}. Semua sarana kantor dapat melayaninya; paling sedikit {what},"
        " {seats} orang.",
        "The office plans {planned} seats on {day}, and all of its means can carry that; the least is {what}, {seats}"
        " people.",
    ),
    "office.limit.none": (
        "Belum ada angka: kantor ini tidak buka dalam waktu dekat.",
        "There are no figures: the office is not open in the near future.",
    ),
    "office.means": ("Orang sehari menurut sarana", "People a day by what the office works with"),
    "office.means.what": ("Sarana", "Means"),
    "office.means.units": ("Jumlah", "Number"),
    "office.means.rate": ("Per jam, masing-masing", "An hour, each"),
    "office.means.seats": ("Orang sehari", "People a day"),
    "office.means.bar": ("Gambar", "Picture"),
    "office.means.measured": ("{rate} (diukur, {count} kali)", "{rate} (measured {count} times)"),
    "office.means.stated": ("{rate} (ditetapkan)", "{rate} (stated)"),
    "office.means.least": ("paling sedikit", "the least"),
    "office.means.owed": (
        "Sudah dijanjikan: {promised} kursi mulai hari ini, dan {unprinted} paspor yang belum dicetak. Keduanya sudah"
        " dikurangkan dari pencetakan dan buku.",
        "Promised already: {promised} seats from today on, and {unprinted} passports that are not printed yet. Printing"
        " and booklets are less by these.",
    ),
    "office.means.picture": (
        "Diagram batang orang sehari. {bars}. Rencana kantor: {planned}.",
        "A bar plot of people a day. {bars}. The office's plan: {planned}.",
    ),
    "office.means.plan": ("rencana {planned}", "plan {planned}"),
    "office.seats": ("Sisa kursi", "Seats left"),
    "office.seats.day": ("Hari", "Day"),
    "office.seats.of": ("{left} dari {seats}", "{left} of {seats}"),
    "office.seats.none": ("–", "–"),
    "office.seats.full": ("penuh", "full"),
    "office.seats.opens": ("dibuka {opens}", "opens {opens}"),
    "office.seats.draw": ("diundi", "by draw"),
    "office.seats.empty": (
        "Tidak ada hari layanan dalam {count} hari ke depan.",
        "No day of service in the next {count} days.",
    ),
    "office.seats.apply": ("Ajukan paspor untuk memilih jadwal", "Apply for a passport to choose a time"),
    "office.lane.regular": ("Reguler", "Regular"),
    "office.lane.same_day": ("Selesai hari itu", "Same day"),
    "office.lane.priority": ("Prioritas", "Priority"),
    "office.release.rolling": (
        "Kuota dibuka setiap hari, {days} hari sebelumnya.",
        "Seats open every day, {days} days ahead.",
    ),
    "office.release.weekly": (
        "Kuota satu minggu dibuka pada hari {weekday} minggu sebelumnya, pukul {time} {zone}.",
        "The seats of a week open on {weekday} of the week before, at {time} {zone}.",
    ),
    "office.release.monthly": (
        "Kuota satu bulan dibuka pada hari kerja terakhir bulan sebelumnya, pukul {time} {zone}.",
        "The seats of a month open on the last working day of the month before, at {time} {zone}.",
    ),
    "office.release.staged": (
        "Kuota dibuka bertahap, pukul {time} {zone}: {stages}.",
        "Seats open in steps, at {time} {zone}: {stages}.",
    ),
    "office.release.stage": ("{percent} % {months} bulan sebelumnya", "{percent} % {months} months ahead"),
    "office.release.draw": (
        "Kuota dibagikan dengan undian; tidak perlu berebut waktu.",
        "Seats are given out by a draw; there is no race for them.",
    ),
}
