using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>What decides how a user rates an item; drawn once for a sample.</summary>
sealed class HiddenTaste(ulong seed)
{
    const double YearMiddle = 2000;
    const double YearSpread = 20;
    const double PriceMiddle = 15.5;
    const double PriceSpread = 8.7;

    readonly double[] _ages = Normals(seed, 0, SampleWords.AgeBands.Length, 0.45);
    readonly double[] _occupations = Normals(seed, 1, SampleWords.Occupations.Length, 0.45);
    readonly double[] _firstGenres = Normals(seed, 2, SampleWords.Genres.Length, 0.3);
    readonly double[] _genres = Normals(seed, 3, SampleWords.Genres.Length, 0.7);
    readonly double[] _genresOfAges = Normals(seed, 4, SampleWords.Genres.Length * SampleWords.AgeBands.Length, 0.4);

    /// <summary>Higher is liked more; the generator adds chance.</summary>
    public double Score(SampleUser user, SampleItem item, ref CounterRandom random) =>
        SumOverColumns(user, item) + Rest(user, item) + 0.6 * random.NextGaussian();

    double SumOverColumns(SampleUser user, SampleItem item)
    {
        var score = _ages[user.AgeBand] + _occupations[user.Occupation] + _firstGenres[user.FirstGenre]
            + 0.35 * (item.Year - YearMiddle) / YearSpread
            - 0.5 * (item.Price - PriceMiddle) / PriceSpread;
        for (var genre = 0; genre < _genres.Length; genre++)
            if (item.Has(genre)) score += _genres[genre];
        return score;
    }

    double Rest(SampleUser user, SampleItem item)
    {
        var score = (item.Has(user.FirstGenre) ? 1.0 : 0) + (item.Has(user.SecondGenre) ? 0.6 : 0)
            - 0.3 * user.Thrift * (item.Price - PriceMiddle) / PriceSpread
            + 0.4 * user.Mood + 0.4 * item.Quality;
        for (var genre = 0; genre < _genres.Length; genre++)
            if (item.Has(genre)) score += _genresOfAges[user.AgeBand * _genres.Length + genre];
        return score;
    }

    static double[] Normals(ulong seed, int stream, int count, double deviation)
    {
        var random = new CounterRandom(seed, SampleStream.Taste.Of(stream));
        var normals = new double[count];
        foreach (ref var normal in normals.AsSpan()) normal = deviation * random.NextGaussian();
        return normals;
    }
}
