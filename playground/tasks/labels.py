"""The French of what stands on buttons, in menus and before a colon, where no sentence says what it means. Ours, by hand. Pure data."""

import re

# A French label and the English ones that get it, the next after a bar.
_LIST = """
à propos: about | à propos de nous: about us | accepter: accept | accepter et continuer: accept and continue
tout accepter: accept all | compte: account | mon compte: my account | ajouter: add | ajouter un fichier: add file; add a file
ajouter au panier: add to cart; add to basket | adresse: address | administrateur: administrator; admin
paramètres avancés: advanced settings | options avancées: advanced options | appliquer: apply | archives: archive; archives
joindre un fichier: attach file; attach a file | auteur: author | retour: back; go back | retour au début: back to top | gras: bold
marque-page: bookmark | marque-pages: bookmarks | parcourir: browse | calculatrice: calculator | calendrier: calendar
annuler: cancel; undo | panier: cart; basket; shopping cart | catégories: categories | catégorie: category
modifier le mot de passe: change password | changer la langue: change language | chapitre: chapter | tout cocher: check all
valider la commande: checkout; check out | choisir un fichier: choose file; choose a file | effacer: clear; erase
tout effacer: clear all | effacer l'historique: clear history | fermer: close; shut | tout fermer: close all
fermer la fenêtre: close window | fermer l'onglet: close tab | couleur: color; colour | couleurs: colors; colours
commentaire: comment | commentaires: comments | confirmer: confirm | confirmer le mot de passe: confirm password
se connecter: connect; log in; login; sign in | contact: contact | nous contacter: contact us | sommaire: contents
table des matières: table of contents | continuer: continue | copier: copy | copier le lien: copy link | pays: country | créer: create
créer un compte: create account; create an account | couper: cut | tableau de bord: dashboard | date: date
date de naissance: date of birth; birth date | par défaut: default | supprimer: delete; remove | tout supprimer: delete all; remove all
supprimer le compte: delete account | supprimer le fichier: delete file | description: description | tout décocher: uncheck all
détails: details | désactiver: disable | déconnecter: disconnect | télécharger: download | téléchargements: downloads
brouillon: draft | brouillons: drafts | dupliquer: duplicate | modifier: edit; change; modify | modifier le profil: edit profile
adresse e-mail: email address; e-mail address | activer: enable | saisir le mot de passe: enter password | erreur: error
exemple: example | exemples: examples | quitter: exit; quit | exporter: export | favoris: favorites; favourites
nom du fichier: file name; filename | fichier: file | fichiers: files | filtrer: filter | terminer: finish
prénom: first name; given name | dossier: folder | dossiers: folders | police: font | taille de la police: font size
mot de passe oublié ?: forgot password; forgot your password | avant: forward | plein écran: full screen; fullscreen
nom complet: full name | commencer: get started; start; begin | aide: help | aide et assistance: help and support | masquer: hide
historique: history | accueil: home; home page | image: image | images: images | importer: import | boîte de réception: inbox
index: index | insérer: insert | installer: install | italique: italic | rejoindre: join | clavier: keyboard | langue: language
nom de famille: last name; surname; family name | en savoir plus: learn more; read more; find out more | bibliothèque: library
lien: link | liens: links | liste: list | chargement en cours: loading | se déconnecter: log out; logout; sign out; log off
marquer comme lu: mark as read | menu: menu | message: message | messages: messages | plus d'informations: more information; more info
plus d'options: more options | nom: name | nouveau: new | nouveau document: new document | nouveau fichier: new file
nouveau dossier: new folder | nouveau message: new message | nouveau mot de passe: new password | nouvel onglet: new tab
nouvelle fenêtre: new window | actualités: news | suivant: next | page suivante: next page | étape suivante: next step
aucun résultat: no results; no results found | aucun: none | remarque: note | remarques: notes | notification: notification
notifications: notifications | ok: ok | ouvrir: open | ouvrir le fichier: open file
ouvrir dans un nouvel onglet: open in new tab; open in a new tab | option: option | options: options | facultatif: optional
page: page | mot de passe: password | coller: paste | mettre en pause: pause | paiement: payment | téléphone: phone; telephone
numéro de téléphone: phone number; telephone number | photo: photo; picture | photos: photos; pictures | lire: play
préférences: preferences | aperçu: preview | précédent: previous | page précédente: previous page | prix: price | imprimer: print
aperçu avant impression: print preview | confidentialité: privacy | politique de confidentialité: privacy policy | profil: profile
mon profil: my profile | propriétés: properties | quantité: quantity | rétablir: redo | actualiser: refresh; reload
refuser: refuse; reject; decline | tout refuser: reject all | s'inscrire: register; sign up | se souvenir de moi: remember me
renommer: rename | remplacer: replace | tout remplacer: replace all | répondre: reply | répondre à tous: reply all; reply to all
signaler un problème: report a problem | obligatoire: required | réinitialiser: reset | réinitialiser le mot de passe: reset password
redémarrer: restart; reboot | résultat: result | résultats: results | réessayer: retry; try again | enregistrer: save
tout enregistrer: save all | enregistrer sous: save as | enregistrer les modifications: save changes | rechercher: search
résultats de la recherche: search results | rechercher et remplacer: find and replace | section: section | sélectionner: select
tout sélectionner: select all | envoyer: send; submit | envoyer un message: send message; send a message | paramètres: settings
partager: share | afficher: show; view | tout afficher: show all; view all; see all | afficher le mot de passe: show password
afficher les détails: show details; view details | taille: size | ignorer: skip | trier par: sort by | état: status; state
étape: step | arrêter: stop | sujet: subject | s'abonner: subscribe | résumé: summary | assistance: support | onglet: tab
tableau: table | conditions d'utilisation: terms of use; terms of service | conditions générales: terms and conditions
thème: theme; topic | titre: title | aujourd'hui: today | demain: tomorrow | hier: yesterday | outils: tools | total: total
piste: track | corbeille: trash; recycle bin | désinstaller: uninstall | se désabonner: unsubscribe | mettre à jour: update; upgrade
envoyer un fichier: upload file; upload a file | téléverser: upload | nom d'utilisateur: username; user name | utilisateur: user
utilisateurs: users | version: version | vidéo: video | vidéos: videos | attention: warning; caution | bienvenue: welcome
fenêtre: window | zoom avant: zoom in | zoom arrière: zoom out | lundi: monday | mardi: tuesday | mercredi: wednesday | jeudi: thursday
vendredi: friday | samedi: saturday | dimanche: sunday | janvier: january | février: february | mars: march | avril: april | juin: june
juillet: july | août: august | septembre: september | octobre: october | novembre: november | décembre: december
"""
_GREETINGS = """
joyeux Noël: merry christmas; happy christmas | bonne année: happy new year | joyeux anniversaire: happy birthday
joyeuses Pâques: happy easter | joyeuses fêtes: happy holidays | félicitations: congratulations | bon appétit: enjoy your meal
bon voyage: have a good trip; have a nice trip | bonne chance: good luck | bonne nuit: good night | bonsoir: good evening
bonjour: good morning; good afternoon; hello | salut: hi; hey | au revoir: goodbye; bye; bye bye
bonne journée: have a nice day; have a good day | merci beaucoup: thank you so much; thank you very much; thanks a lot; many thanks
merci: thank you; thanks | à bientôt: see you soon | à demain: see you tomorrow | à plus tard: see you later | santé: cheers
bienvenue: welcome
"""


def _read(lines: str) -> dict[str, str]:
    parts = (line.partition(": ") for line in re.split(r"\n| \| ", lines.strip()))
    return {english: french for french, _, some in parts for english in some.split("; ")}


LABELS = _read(_LIST)
GREETINGS = _read(_GREETINGS)  # said to people, so also with ! or a sign after them
