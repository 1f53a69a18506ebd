"""MovieTweetings 100K, one-hot, as a LIBSVM file that all systems read: user, film, genres.

usage: movietweetings.py FOLDER FILE        FOLDER holds ratings.dat and movies.dat of github.com/sidooms/MovieTweetings

Ratings 0–5 are dislike (0), 6–7 neutral (1), 8–10 like (2).
"""

import sys


def fields(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("::")


def places(names, first):
    return {name: first + i for i, name in enumerate(sorted(names))}


def main(folder, out):
    genres = {film: set(filter(None, names.split("|"))) for film, _, names in fields(f"{folder}/movies.dat")}
    ratings = [(user, film, int(rating)) for user, film, rating, _ in fields(f"{folder}/ratings.dat")]
    users = places({user for user, _, _ in ratings}, 1)
    films = places({film for _, film, _ in ratings}, 1 + len(users))
    kinds = places(set().union(*genres.values()), 1 + len(users) + len(films))
    with open(out, "w", encoding="ascii") as file:
        for user, film, rating in ratings:
            label = 0 if rating <= 5 else 1 if rating <= 7 else 2
            indices = [users[user], films[film], *sorted(kinds[name] for name in genres.get(film, ()))]
            file.write(f"{label} {' '.join(f'{i}:1' for i in indices)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
