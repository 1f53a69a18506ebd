using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>One thing that is rated.</summary>
/// <param name="Genres">Bit g: it has genre g. One to three bits are set.</param>
/// <param name="Year">1950 to 2024, later years more often.</param>
/// <param name="Price">0.99 to 29.99 in whole cents.</param>
/// <param name="Quality">Hidden; standard normal.</param>
sealed record SampleItem(int Genres, int Year, double Price, double Quality)
{
    const int YearLast = 2024;
    const int YearCount = 75;

    public bool Has(int genre) => (Genres >> genre & 1) != 0;

    public static SampleItem Draw(ulong seed, int index)
    {
        var random = new CounterRandom(seed, SampleStream.Item.Of(index));
        var genres = 0;
        for (var draws = 1 + random.NextInt32(3); draws > 0; draws--) genres |= 1 << random.NextInt32(SampleWords.Genres.Length);
        var age = random.NextDouble();
        var price = (99 + 100 * random.NextInt32(30)) / 100.0;
        return new SampleItem(genres, YearLast - (int)(YearCount * age * age), price, random.NextGaussian());
    }
}
