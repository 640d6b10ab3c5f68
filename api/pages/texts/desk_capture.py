"""Texts of the capture at the booth, and of what is wrong with one."""

TEXTS = {
    "capture.portrait": ("Foto wajah", "Portrait"),
    "capture.portrait.hint": (
        "JPEG atau PNG; mutu paling sedikit {least} dari 100",
        "JPEG or PNG; quality at least {least} of 100",
    ),
    "capture.signature": ("Tanda tangan", "Signature"),
    "capture.signature.hint": ("PNG dari papan tanda tangan", "PNG from the signature pad"),
    "capture.fingers": ("Sidik jari", "Fingerprints"),
    "capture.fingers.hint": (
        "PNG atau WSQ. Paling sedikit {fewest} jari direkam atau diberi sebab mengapa tidak.",
        "PNG or WSQ. At least {fewest} to be captured, or given the reason why not.",
    ),
    "capture.hand.right": ("Tangan kanan", "Right hand"),
    "capture.hand.left": ("Tangan kiri", "Left hand"),
    "capture.finger.1": ("Ibu jari kanan", "Right thumb"),
    "capture.finger.2": ("Telunjuk kanan", "Right index"),
    "capture.finger.3": ("Jari tengah kanan", "Right middle"),
    "capture.finger.4": ("Jari manis kanan", "Right ring"),
    "capture.finger.5": ("Kelingking kanan", "Right little"),
    "capture.finger.6": ("Ibu jari kiri", "Left thumb"),
    "capture.finger.7": ("Telunjuk kiri", "Left index"),
    "capture.finger.8": ("Jari tengah kiri", "Left middle"),
    "capture.finger.9": ("Jari manis kiri", "Left ring"),
    "capture.finger.10": ("Kelingking kiri", "Left little"),
    "capture.without": ("Tidak dapat direkam karena", "Cannot be captured because"),
    "capture.image": ("Gambar", "Picture"),
    "capture.send": ("Kirim rekaman", "Send the capture"),
    "capture.again": (
        "Berkas harus dipilih lagi: peramban tidak menyimpannya.",
        "The files have to be chosen again: a browser does not keep them.",
    ),
    "desk.wrong.portrait": ("Pilih foto wajah", "Choose the portrait"),
    "desk.wrong.signature": ("Pilih gambar tanda tangan", "Choose the signature"),
    "desk.wrong.exceptions": ("Tulis sebabnya dengan kata-kata", "Write the reason in words"),
    "desk.wrong.unsupported_file": (
        "Berkas ini bukan gambar yang diminta",
        "This file is not the picture that is asked for",
    ),
    "desk.wrong.file_too_large": (
        "Berkas terlalu besar; kirim gambar yang lebih kecil",
        "The files are too large; send smaller pictures",
    ),
    "desk.wrong.capture_away": (
        "Layanan mutu tidak menjawab, jadi tidak ada yang tercatat. Kirim lagi sebentar lagi",
        "The quality service did not answer, so nothing was recorded. Send it again in a moment",
    ),
    "desk.reject.face.quality": ("Mutu foto belum cukup; ambil lagi", "The portrait is not good enough; take it again"),
    "desk.reject.face.blurred": (
        "Foto kabur; ambil lagi dengan kamera diam",
        "The portrait is blurred; take it again with the camera still",
    ),
    "desk.reject.face.too_dark": ("Foto terlalu gelap; tambah cahaya", "The portrait is too dark; add light"),
    "desk.reject.face.too_bright": (
        "Foto terlalu terang; kurangi cahaya",
        "The portrait is too bright; use less light",
    ),
    "desk.reject.face.low_contrast": ("Foto terlalu datar; atur cahaya", "The portrait is too flat; adjust the light"),
    "desk.reject.face.too_small": (
        "Foto terlalu kecil; dekatkan kamera",
        "The portrait is too small; move the camera closer",
    ),
    "desk.reject.face.not_an_image": ("Foto tidak dapat dibaca", "The portrait cannot be read"),
    "desk.reject.face.too_few": ("Ambil foto lagi", "Take the portrait again"),
    "desk.reject.finger.quality": (
        "Mutu sidik jari belum cukup; rekam lagi",
        "The fingerprint is not good enough; capture it again",
    ),
    "desk.reject.finger.blurred": (
        "Sidik jari kabur; tahan jari diam",
        "The fingerprint is blurred; hold the finger still",
    ),
    "desk.reject.finger.too_dark": (
        "Sidik jari terlalu gelap; kurangi tekanan",
        "The fingerprint is too dark; press less",
    ),
    "desk.reject.finger.too_bright": (
        "Sidik jari terlalu terang; tekan lebih kuat",
        "The fingerprint is too bright; press harder",
    ),
    "desk.reject.finger.low_contrast": (
        "Sidik jari samar; bersihkan jari dan kaca",
        "The fingerprint is faint; clean finger and glass",
    ),
    "desk.reject.finger.too_small": (
        "Sidik jari terlalu kecil; letakkan seluruh ujung jari",
        "The fingerprint is too small; place the whole fingertip",
    ),
    "desk.reject.finger.not_an_image": ("Sidik jari tidak dapat dibaca", "The fingerprint cannot be read"),
    "desk.reject.finger.too_few": ("Rekam jari ini", "Capture this finger"),
    "desk.reject.fingers.too_few": (
        "Jari yang direkam kurang; rekam lagi atau tulis sebabnya",
        "Too few fingers; capture more, or write why one cannot be captured",
    ),
    "desk.reject.fingers.quality": ("Rekam jari lagi", "Capture the fingers again"),
}
