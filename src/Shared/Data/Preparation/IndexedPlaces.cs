using DistTrain.Data.Schema;

namespace DistTrain.Data.Preparation;

/// <summary>Where the cells of LIBSVM go, by index; an index that the schema does not have is left out.</summary>
/// <remarks>
/// The column's sparse features follow each other in the layout, so that their rank among themselves is their place: no table of a
/// million places is looked up.
/// </remarks>
/// <param name="places">The places of the column's features.</param>
sealed class IndexedPlaces(IndexedColumnsSchema schema, FeaturePlace[] places)
{
    readonly IndexSet _sparse = new(schema.Indices.Where((_, i) => places[i].Storage == FeatureStorage.Sparse));
    readonly int _firstSparse = Array.Find(places, place => place.Storage == FeatureStorage.Sparse).Index;
    readonly IndexSet _others = new(schema.Indices.Where((_, i) => places[i].Storage != FeatureStorage.Sparse));
    readonly FeaturePlace[] _otherPlaces = [.. places.Where(place => place.Storage != FeatureStorage.Sparse)];

    /// <summary>Whether the index is one of the schema's, and sparse.</summary>
    public bool IsSparse(int index) => _sparse.RankOf(index) >= 0;

    /// <summary>Puts a cell into its place in the row.</summary>
    public void Put(int index, double x, EncodedRow into)
    {
        if (_sparse.RankOf(index) is var sparse and >= 0) into.PutSparse(_firstSparse + sparse, x);
        else if (_others.RankOf(index) is var other and >= 0) into.Put(_otherPlaces[other], x);
    }
}
