using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>One who rates.</summary>
/// <param name="FirstGenre">The favourite genre, and <paramref name="SecondGenre"/> the next; they differ.</param>
/// <param name="Mood">Hidden: how kind all their ratings are; standard normal.</param>
/// <param name="Thrift">Hidden: how much price matters to them; standard normal.</param>
sealed record SampleUser(int AgeBand, int Occupation, int FirstGenre, int SecondGenre, double Mood, double Thrift)
{
    public static SampleUser Draw(ulong seed, int index)
    {
        var random = new CounterRandom(seed, SampleStream.User.Of(index));
        var genres = SampleWords.Genres.Length;
        var first = random.NextInt32(genres);
        var second = (first + 1 + random.NextInt32(genres - 1)) % genres;
        return new SampleUser(
            random.NextInt32(SampleWords.AgeBands.Length), random.NextInt32(SampleWords.Occupations.Length), first, second,
            random.NextGaussian(), random.NextGaussian());
    }
}
